// One run: its sentence, timeline, state and addresses, why it ends as it does, and how to take it
// elsewhere.

import { useEffect, useRef } from 'preact/hooks';
import type { Film } from '../../../verdict/index.ts';
import { announce, CopyButton, Figure, saveFile, useKeys } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import { ask } from '../../worker/client.ts';
import type { RunAsk, RunTold } from './asks.ts';
import { Addresses } from './addresses.tsx';
import { Controls } from './controls.tsx';
import { Drawing } from './drawing/drawing.tsx';
import { StageDrawing } from './drawing/stage.tsx';
import { TimelineDrawing } from './drawing/timeline.tsx';
import { svgOf } from './export.tsx';
import { stageOf } from './layout/stage.ts';
import { timelineOf } from './layout/timeline.ts';
import { stageText, stepText } from './layout/words.ts';
import { stepOf, withParams } from './subject.ts';
import { StateTable, StepTable } from './tables.tsx';

/** What is shown of a run. */
export interface RunProps extends ViewProps {
  readonly told: RunTold;
  readonly film: Film;
  readonly asked: RunAsk;
}

/** A run at the step that the link names. */
export function Run({ told, film, asked, link, go }: RunProps) {
  const most = film.steps.length;
  const step = stepOf(link, most);
  const onStep = (next: number): void => {
    go(withParams(link, { step: next === 0 ? undefined : String(next) }), { replace: true });
  };
  const says = stepText(film, step);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) announce(says);
    first.current = false;
  }, [step]);
  const title = `${told.name} on ${told.machineName}`;
  const save = (): void => {
    saveFile(`${fileName(told)}-${step}.svg`, 'image/svg+xml', svgOf(film, step, title));
  };
  useKeys([{ keys: ['s'], does: 'save the drawing as SVG', act: save }]);
  return (
    <>
      <h2>{title}</h2>
      <Verdict told={told} isChosen={asked.replay !== undefined} />
      <div class="witness-head">
        <Controls step={step} most={most} onStep={onStep} />
        <p class="witness-says" data-testid="says">
          {says}
        </p>
      </div>
      <TimelineFigure film={film} step={step} onStep={onStep} />
      <StageFigure film={film} step={step} />
      <Reasons told={told} film={film} />
      <Addresses film={film} />
      <div class="actions witness-out">
        <CopyButton label="Copy as text" shortcut="c" text={() => textOf(told, asked)} />
        <button type="button" onClick={save} aria-keyshortcuts="s">
          Export SVG
        </button>
      </div>
      <p class="quiet">
        The same on the command line: <code>{told.command}</code>
      </p>
    </>
  );
}

/** What the command line prints of the setting that is shown. */
export async function textOf({ setting }: RunTold, asked: RunAsk): Promise<string> {
  const given: RunAsk = { ...asked, machine: setting.machine };
  const answer = await ask('witness-text', given);
  if (answer.kind === 'text') return answer.text;
  const { what, hint } = answer.problem;
  return hint === undefined ? `${what}\n` : `${what}\nhint: ${hint}\n`;
}

function fileName({ name, setting }: RunTold): string {
  return `${name}-${setting.machine}`.replaceAll(/[^\w.+-]+/g, '-');
}

function Verdict({ told, isChosen }: { readonly told: RunTold; readonly isChosen: boolean }) {
  const { question, answer, setting, title } = told;
  const kernel = setting.kernel === undefined ? '' : ` Kernel ${setting.kernel}.`;
  const word = answer === '?' ? 'Not known' : answer;
  const remedy = setting.remedy === 'none' ? '' : ` Remedy ${setting.remedy}.`;
  return (
    <p>
      {title === '' ? null : `${asSentence(title)}. `}
      Can <code>{question}</code> happen? <strong>{word}</strong>:{' '}
      {told.outcome === 'good'
        ? 'this run ends without it.'
        : told.outcome === 'unfinished'
          ? 'this run has not ended yet.'
          : isChosen
            ? 'this run ends with it.'
            : 'this is a shortest run.'}
      {kernel}
      {remedy}
      <br />
      <span class="quiet">
        <kbd>{'\u2192'}</kbd> steps, <kbd>Space</kbd> plays, <kbd>c</kbd> copies; pick a test and a
        machine above.
      </span>
    </p>
  );
}

/** With a capital, unless it begins with the name of a function. */
function asSentence(title: string): string {
  return /^\w+\(/.test(title) ? title : `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}

function TimelineFigure(props: {
  readonly film: Film;
  readonly step: number;
  readonly onStep: (step: number) => void;
}) {
  const { film, step, onStep } = props;
  const box = useRef<HTMLDivElement>(null);
  const timeline = timelineOf(film);
  useEffect(() => keepInView(box.current), [step]);
  const summary = `${film.steps.length} steps by ${film.actors.length} actors.`;
  return (
    <Figure
      title="Who does what"
      summary={summary}
      drawing={
        <div ref={box}>
          <Drawing width={timeline.width} height={timeline.height} label={summary}>
            <TimelineDrawing timeline={timeline} step={step} onStep={onStep} />
          </Drawing>
        </div>
      }
      table={<StepTable film={film} step={step} />}
    />
  );
}

/** Scrolls the box around a timeline so far that the step of now is in it. */
function keepInView(inner: HTMLElement | null): void {
  const now = inner?.querySelector('.witness-now');
  const scroll = inner?.closest('.scroll');
  if (!now || !scroll) return;
  const mark = now.getBoundingClientRect();
  const frame = scroll.getBoundingClientRect();
  if (mark.left < frame.left + 120) scroll.scrollLeft -= frame.left + 120 - mark.left;
  if (mark.right > frame.right - 20) scroll.scrollLeft += mark.right - frame.right + 20;
}

function StageFigure({ film, step }: { readonly film: Film; readonly step: number }) {
  const stage = stageOf(film, step);
  const held = film.frames[step]?.copies.filter(({ state }) => state !== 'absent').length ?? 0;
  const summary = `${held} of ${film.copies.length} possible copies are in caches.`;
  return (
    <Figure
      title="Caches and memory"
      summary={summary}
      drawing={
        <Drawing width={stage.width} height={stage.height} label={stageText(film, step)}>
          <StageDrawing stage={stage} />
        </Drawing>
      }
      table={<StateTable film={film} stage={stage} at={step} />}
    />
  );
}

function Reasons({ told, film }: { readonly told: RunTold; readonly film: Film }) {
  const { witness, notes } = film;
  return (
    <section>
      {told.outcome === 'bad' ? (
        <>
          <h3>Why</h3>
          {witness.why.map((why) => (
            <p key={why}>{why}</p>
          ))}
        </>
      ) : null}
      <details class="witness-notes">
        <summary>What the drawing leaves out</summary>
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}
