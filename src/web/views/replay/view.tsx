// The replay view: a recorded scenario on a chosen machine, step by step, and where the model then
// answers otherwise than the real kernel did.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { fragmentOf } from '../../link/index.ts';
import { type Answering, Fault, Problems, useAnswer, useKeys } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import type { ReplayWalkAnswer, Source } from './asks.ts';
import { BedBar } from './bed-bar.tsx';
import { Browser } from './browser.tsx';
import { type Choices, choicesOf, linkOf } from './choices.ts';
import type { Filtered } from './filter.ts';
import { OWN, OwnFile, type OwnRecording } from './own-file.tsx';
import { RunPanel } from './run.tsx';
import { Stage, type StageProps } from './stage.tsx';
import './style.css';
import { useFound } from './use-found.ts';

/** One worker reads recordings and walks through scenarios; runs of many have another. */
const LANE = 'replay';

/** The whole view. */
export default function ReplayView({ link, go }: ViewProps) {
  const choices = choicesOf(link.params);
  const { recording, id, bed } = choices;
  const [own, setOwn] = useState<OwnRecording>();
  const [listed, setListed] = useListed(choices);
  const list = useAnswer('replay-list', {}, LANE);
  const source = sourceOf(recording, own);
  const walk = useAnswer(
    'replay-walk',
    source === undefined || id === '' ? undefined : { source, id, bed },
    LANE,
  );
  const choose = (to: Choices, how?: { readonly replace?: boolean }): void => {
    go(linkOf(to), how);
  };
  const stored = list.state === 'here' ? list.answer.recordings : undefined;
  const recordings = useMemo(
    () => [...(own === undefined ? [] : [own.recording]), ...(stored ?? [])],
    [own, stored],
  );
  const found = useFound(recordings, choices.only);
  const current = found.lists.find((one) => one.recording.name === recording);
  useListKeys({ current, choices, choose, openList: () => setListed(true) });
  const step = (to: number): void => choose({ ...choices, step: to }, { replace: true });
  return (
    <div class="replay">
      <h1>Replay</h1>
      {id === '' ? <Intro /> : null}
      <BedBar
        bed={bed}
        machines={list.state === 'here' ? list.answer.machines : []}
        onChoose={(to) => choose({ ...choices, bed: to })}
      />
      {list.state === 'fault' ? <Fault message={list.message} /> : null}
      {list.state === 'waiting' ? <p aria-busy="true">Loading the recordings ...</p> : null}
      <Browser
        found={found}
        choices={choices}
        open={listed ?? (id === '' || source === undefined)}
        onOpen={setListed}
        onChoose={choose}
      >
        <OwnFile
          onWrong={() => setListed(true)}
          onRead={(read) => {
            setOwn(read);
            const first = read.recording.groups[0]?.ids[0] ?? '';
            const { name } = read.recording;
            choose({ ...choices, recording: name, id: first, step: 0, only: '', group: '' });
          }}
        />
      </Browser>
      {source === undefined ? <Missing name={recording.slice(OWN.length)} /> : null}
      {id === '' && stored !== undefined && source !== undefined && current === undefined ? (
        <p role="alert">The page has no recording '{recording}': choose one from the list.</p>
      ) : null}
      {id === '' || source === undefined ? null : (
        <Walked {...walk} step={choices.step} onStep={step} />
      )}
      {source === undefined || current === undefined ? null : (
        <RunPanel source={source} listed={current} choices={choices} onChoose={choose} />
      )}
    </div>
  );
}

type Walk = Answering<ReplayWalkAnswer> & { readonly stale: boolean };

/** The scenario, or why it cannot be shown. */
function Walked(props: Walk & Pick<StageProps, 'step' | 'onStep'>) {
  const { step, onStep, stale } = props;
  if (props.state === 'waiting') return <p aria-busy="true">Replaying ...</p>;
  if (props.state === 'fault') return <Fault message={props.message} />;
  const { answer } = props;
  if (answer.kind === 'problem') return <Problems problems={[answer.problem]} />;
  return <Stage scene={answer.scene} step={step} stale={stale} onStep={onStep} />;
}

/** Whether the reader opened or closed the list; forgotten where another scenario is chosen. */
function useListed({ recording, id }: Choices) {
  const state = useState<boolean>();
  const [, setListed] = state;
  useEffect(() => setListed(undefined), [recording, id]);
  return state;
}

function sourceOf(recording: string, own: OwnRecording | undefined): Source | undefined {
  if (!recording.startsWith(OWN)) return { kind: 'stored', name: recording };
  return own?.recording.name === recording ? own.source : undefined;
}

/** Keys that go through the list of scenarios. */
function useListKeys({
  current,
  choices,
  choose,
  openList,
}: {
  readonly current: Filtered | undefined;
  readonly choices: Choices;
  readonly choose: (choices: Choices) => void;
  readonly openList: () => void;
}): void {
  const go = (by: 1 | -1): void => {
    if (current === undefined) return;
    const ids = current.groups.flatMap((one) => one.ids);
    const at = ids.indexOf(choices.id);
    const next = at < 0 ? ids[0] : ids[at + by];
    if (next !== undefined) choose({ ...choices, id: next, step: 0 });
  };
  const search = (): void => {
    openList();
    requestAnimationFrame(() => document.getElementById('replay-search')?.focus());
  };
  useKeys([
    { keys: ['/'], does: 'search the scenarios; Enter takes the first', act: search },
    { keys: [']'], does: 'next scenario', act: () => go(1) },
    { keys: ['['], does: 'previous scenario', act: () => go(-1) },
  ]);
}

function Missing({ name }: { readonly name: string }) {
  return (
    <p role="alert">
      This link is about a recording of its sender's own, <code>{name}</code>, which is not in it.
      Open that file here.
    </p>
  );
}

const bytesDiffer = 'coh/ext4/e820/dax=always/write-load-store-read';

/** Where to begin. */
const examples: readonly { readonly says: string; readonly choices: Partial<Choices> }[] = [
  {
    says: 'Two dirty copies of a line on an SH7750 (VIPT, 4 colours), the gate held open',
    choices: {
      id: bytesDiffer,
      bed: { machine: 'sh7750/4k', kernel: '', gate: 'open', fresh: false },
      step: 11,
    },
  },
  {
    says: 'The same on an ARM926 (VIVT): a mapping reads what is no longer true',
    choices: {
      id: bytesDiffer,
      bed: { machine: 'arm926ej-s', kernel: '', gate: 'open', fresh: false },
      step: 9,
    },
  },
  {
    says: 'The same as it was recorded: every step agrees',
    choices: { id: bytesDiffer },
  },
];

function Intro() {
  const usual = choicesOf({});
  return (
    <>
      <p>
        What real kernels answered was recorded step by step. Choose a scenario and a machine: the
        same steps run on the model, and each step that comes out otherwise is shown with the copies
        of the line that the cache then holds.
      </p>
      <ul class="replay-examples">
        {examples.map(({ says, choices }) => (
          <li key={says}>
            <a href={fragmentOf(linkOf({ ...usual, ...choices }))}>{says}</a>
          </li>
        ))}
      </ul>
    </>
  );
}
