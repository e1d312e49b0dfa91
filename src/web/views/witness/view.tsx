// The witness view: a run of a test, step by step, as what happens in caches and memory.

import { useEffect } from 'preact/hooks';
import type { Film } from '../../../verdict/index.ts';
import { announce, CopyButton, Fault, Problems } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import type { RunAsk, RunTold } from './asks.ts';
import { Addresses } from './addresses.tsx';
import { geometryText } from './layout/words.ts';
import { Pickers } from './pickers.tsx';
import { Run, textOf } from './run.tsx';
import './drawing.css';
import './style.css';
import { withParams } from './subject.ts';
import { useRun } from './use-run.ts';

/** Pickers, and the run that they name. */
export default function WitnessView({ link, go }: ViewProps) {
  const { asked, answering, stale } = useRun(link);
  const answer = answering.state === 'here' ? answering.answer : undefined;
  const told = answer?.kind === 'told' ? answer : undefined;
  useEffect(() => {
    if (told) announce(told.film ? runText(told, told.film) : neverText(told));
  }, [told]);
  return (
    <>
      <h1>Witness</h1>
      <Pickers link={link} go={go} told={told} />
      {answering.state === 'fault' ? <Fault message={answering.message} /> : null}
      {answer?.kind === 'wrong' && !stale ? <Problems problems={[answer.problem]} /> : null}
      {answering.state === 'waiting' || stale ? (
        <p aria-busy="true" class="quiet">
          {answering.state === 'waiting'
            ? (answering.told?.what ?? 'Searching ...')
            : 'Searching ...'}
        </p>
      ) : null}
      {told && asked && !stale ? <Told told={told} asked={asked} link={link} go={go} /> : null}
    </>
  );
}

function Told({ told, asked, link, go }: ViewProps & { told: RunTold; asked: RunAsk }) {
  const { film } = told;
  if (film) return <Run told={told} film={film} asked={asked} link={link} go={go} />;
  return (
    <section class="box">
      <h2>{told.name}</h2>
      <p>{neverText(told)}</p>
      {told.still ? <p>{geometryText(told.still)}</p> : null}
      <p class="quiet">There is no run to show here.</p>
      <div class="actions">
        {link.params['machine'] === undefined ? null : (
          <button type="button" onClick={() => go(withParams(link, ELSEWHERE))}>
            Show a machine where it happens
          </button>
        )}
        <CopyButton label="Copy as text" shortcut="c" text={() => textOf(told, asked)} />
      </div>
      {told.still ? <Addresses film={told.still} /> : null}
    </section>
  );
}

const ELSEWHERE = { machine: undefined, step: undefined, replay: undefined };

/** What is told of a run that has come: `L4 on 24Kc: Sometimes, 4 steps`. */
function runText({ name, machineName, answer }: RunTold, { steps }: Film): string {
  const count = `${steps.length} step${steps.length === 1 ? '' : 's'}`;
  return `${name} on ${machineName}: ${answer}, ${count}`;
}

function neverText({ name, machineName, setting, question, answer }: RunTold): string {
  const remedy = setting.remedy === 'none' ? '' : ` with the remedy ${setting.remedy}`;
  if (answer === '?') {
    return `${name} on ${machineName}${remedy}: a bound was reached before an answer. Not a pass.`;
  }
  return `${name} on ${machineName}${remedy}: ${question} is ${answer}.`;
}
