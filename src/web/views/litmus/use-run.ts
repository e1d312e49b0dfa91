// One run at a time, in a worker of its own that Stop ends.

import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../../ui/index.ts';
import type { Told } from '../../worker/asks.ts';
import { ask } from '../../worker/client.ts';
import type { Choices, RunAsk, RunReply } from './asks.ts';

/** The worker that answers this view. */
const LANE = 'litmus';

/** Where a run is. */
export type Run =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running';
      readonly asked: RunAsk;
      readonly told?: Told;
      readonly rate?: number;
    }
  | { readonly kind: 'stopped'; readonly asked: RunAsk; readonly states: number }
  | { readonly kind: 'done'; readonly asked: RunAsk; readonly reply: RunReply }
  | { readonly kind: 'fault'; readonly asked: RunAsk; readonly message: string };

/** A run, and how to start and stop it. */
export interface Runner {
  readonly run: Run;
  readonly start: (asked: RunAsk) => void;
  /** False where nothing runs. */
  readonly stop: () => boolean;
}

interface Current {
  readonly asked: RunAsk;
  readonly end: AbortController;
  states: number;
}

/** Runs what it is told to run. */
export function useRun(): Runner {
  const [run, setRun] = useState<Run>({ kind: 'none' });
  const current = useRef<Current | undefined>(undefined);
  useEffect(() => () => current.current?.end.abort(), []);

  const start = (asked: RunAsk): void => {
    current.current?.end.abort();
    const mine = { asked, end: new AbortController(), states: 0 };
    current.current = mine;
    const began = performance.now();
    const settle = (to: Run, says: string): void => {
      if (current.current !== mine) return;
      current.current = undefined;
      setRun(to);
      announce(says);
    };
    const onTold = (told: Told): void => {
      if (current.current !== mine) return;
      const states = told.search?.states ?? 0;
      mine.states = Math.max(mine.states, states);
      const seconds = (performance.now() - began) / 1000;
      setRun({ kind: 'running', asked, told, rate: Math.round(mine.states / seconds) });
    };
    setRun({ kind: 'running', asked });
    ask('litmus-run', asked, { lane: LANE, signal: mine.end.signal, onTold }).then(
      (reply) => settle({ kind: 'done', asked, reply }, saysOf(reply)),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        settle({ kind: 'fault', asked, message }, `A fault of Dachs: ${message}`);
      },
    );
  };

  const stop = (): boolean => {
    const mine = current.current;
    if (!mine) return false;
    current.current = undefined;
    mine.end.abort();
    setRun({ kind: 'stopped', asked: mine.asked, states: mine.states });
    announce(stoppedText(mine.states));
    return true;
  };

  return { run, start, stop };
}

/** What is said of a run that was stopped. */
export function stoppedText(states: number): string {
  return `stopped after ${numbered(states)} states: no verdict`;
}

/** A number with blanks between thousands: `1 234 567`. */
export function numbered(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u2009');
}

function saysOf(reply: RunReply): string {
  if (reply.kind === 'wrong') return `Not run: ${reply.problem.what}`;
  const counts = reply.told.groups.map(({ observation, systems }) => {
    const settings = systems.reduce((sum, one) => sum + one.settings.length, 0);
    return `${observation === 'bound' ? 'bound reached' : observation} on ${settings}`;
  });
  return `Verdict: ${counts.join(', ') || 'nothing could be run'}`;
}

/** What can be picked; undefined until the worker has told. */
export function useChoices(): Choices | undefined {
  const [choices, setChoices] = useState<Choices>();
  useEffect(() => {
    let wanted = true;
    // Stop may end the worker before it has told.
    const fetch = (left: number): void => {
      ask('litmus-choices', {}, { lane: LANE }).then(
        (told) => (wanted ? setChoices(told) : undefined),
        () => (wanted && left > 0 ? fetch(left - 1) : undefined),
      );
    };
    fetch(3);
    return () => {
      wanted = false;
    };
  }, []);
  return choices;
}
