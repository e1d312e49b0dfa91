// Runs all chosen scenarios of a recording, with progress and Stop.

import { useEffect, useState } from 'preact/hooks';
import { fragmentOf } from '../../link/index.ts';
import { announce, CopyButton, Fault, Picker, Problems, useKeys } from '../../ui/index.ts';
import type { Told } from '../../worker/asks.ts';
import { ask } from '../../worker/client.ts';
import type { ReplayRunAnswer, Source } from './asks.ts';
import { type Choices, linkOf } from './choices.ts';
import type { Filtered } from './filter.ts';

/** What is run. */
export interface RunProps {
  readonly source: Source;
  readonly listed: Filtered;
  readonly choices: Choices;
  readonly onChoose: (choices: Choices) => void;
}

type Running =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly stop: () => void; readonly told?: Told }
  | { readonly state: 'stopped' }
  | { readonly state: 'here'; readonly answer: ReplayRunAnswer }
  | { readonly state: 'fault'; readonly message: string };

/** The button, the progress, and what the run came to. */
export function RunPanel({ source, listed, choices, onChoose }: RunProps) {
  const { only, group, bed } = choices;
  const [running, run] = useRun({ source, only, group, bed });
  const { recording, groups } = listed;
  const chosen = groups
    .filter((one) => group === '' || group.split(',').includes(one.group))
    .reduce((sum, { ids }) => sum + ids.length, 0);
  const stop = running.state === 'running' ? running.stop : undefined;
  useKeys([
    stop === undefined
      ? { keys: ['r'], does: 'run all chosen scenarios', act: run }
      : { keys: ['s', 'Escape'], does: 'stop the run', act: stop },
  ]);
  return (
    <section class="replay-run" aria-labelledby="replay-run">
      <h2 id="replay-run">All of {recording.name} on this machine</h2>
      <div class="bar">
        <Picker
          label="Group"
          value={group}
          choices={[
            { value: '', label: 'all groups' },
            ...groups.map((one) => ({
              value: one.group,
              label: `${one.group} (${one.ids.length})`,
            })),
          ]}
          onChoose={(value) => onChoose({ ...choices, group: value })}
        />
        {stop === undefined ? (
          <button type="button" class="primary" onClick={run} aria-keyshortcuts="r">
            Run {chosen} scenarios
          </button>
        ) : (
          <button type="button" onClick={stop} aria-keyshortcuts="s">
            Stop
          </button>
        )}
        {only === '' ? null : (
          <span class="quiet">
            of ids that match <code>{only}</code>
          </span>
        )}
      </div>
      {running.state === 'running' ? (
        <p class="replay-progress">
          <progress max={1} value={running.told?.share ?? 0} aria-label="Scenarios run" />{' '}
          <span class="quiet">{running.told?.what ?? 'starting'}</span>
        </p>
      ) : null}
      {running.state === 'stopped' ? <p>Stopped: nothing is told of a part.</p> : null}
      {running.state === 'fault' ? <Fault message={running.message} /> : null}
      {running.state === 'here' ? <Came answer={running.answer} choices={choices} /> : null}
    </section>
  );
}

function Came({
  answer,
  choices,
}: {
  readonly answer: ReplayRunAnswer;
  readonly choices: Choices;
}) {
  if (answer.kind === 'problem') return <Problems problems={[answer.problem]} />;
  const { totals, differing, command, text } = answer;
  return (
    <>
      <p data-testid="replay-totals">
        <strong>
          agree {totals.agreeing} of {totals.scenarios} scenarios, {totals.agreeingSteps} of{' '}
          {totals.steps} steps
        </strong>
      </p>
      <p class="replay-command">
        <code>{command}</code>{' '}
        <CopyButton label="Copy run as text" text={() => text} shortcut="C" />
      </p>
      {differing.length === 0 ? null : (
        <div class="scroll" tabIndex={0} role="group" aria-label="Scenarios that differ">
          <table class="replay-differing">
            <caption>{differing.length} differ</caption>
            <thead>
              <tr>
                <th scope="col">Scenario</th>
                <th scope="col">Steps that differ</th>
              </tr>
            </thead>
            <tbody>
              {differing.map(({ id, odd, steps }, i) => (
                <tr key={i}>
                  <td>
                    <a href={fragmentOf(linkOf({ ...choices, id, step: odd[0] ?? 0 }))}>{id}</a>
                  </td>
                  <td>
                    {odd.map((one) => one + 1).join(', ')} of {steps}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** A run of what is chosen, which ends when something else is. */
function useRun(given: Parameters<typeof ask<'replay-run'>>[1]): readonly [Running, () => void] {
  const [running, setRunning] = useState<Running>({ state: 'idle' });
  const key = JSON.stringify(given);
  useEffect(
    () => () => {
      setRunning((old) => {
        if (old.state === 'running') old.stop();
        return { state: 'idle' };
      });
    },
    [key],
  );
  const run = (): void => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const stop = (): void => stopping.abort();
    setRunning({ state: 'running', stop });
    const onTold = (told: Told): void => {
      if (!signal.aborted) setRunning({ state: 'running', stop, told });
    };
    ask('replay-run', given, { signal, onTold }).then(
      (answer) => {
        setRunning({ state: 'here', answer });
        if (answer.kind === 'run') {
          announce(`agree ${answer.totals.agreeing} of ${answer.totals.scenarios} scenarios`);
        }
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (signal.aborted) announce('Stopped');
        setRunning(signal.aborted ? { state: 'stopped' } : { state: 'fault', message });
      },
    );
  };
  return [running, run];
}
