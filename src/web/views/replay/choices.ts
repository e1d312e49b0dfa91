// What is chosen in the replay view, as links have it.

import type { Link } from '../../link/index.ts';
import type { BedChoice } from './asks.ts';

/** All choices of the view. Empty texts: nothing chosen, or as it was recorded. */
export interface Choices {
  /** Name of a recording of the page, or `own:` and the name of a file of the reader's own. */
  readonly recording: string;
  readonly id: string;
  readonly bed: BedChoice;
  /** Counted from 0; links count from 1. */
  readonly step: number;
  /** Which scenarios are listed and run, as `--only` and `--group` have it. */
  readonly only: string;
  readonly group: string;
}

/** The recording that is shown where a link names none. */
export const USUAL_RECORDING = 'x86_64-6.12';

/** What a link chooses. */
export function choicesOf(params: Link['params']): Choices {
  const text = (name: string): string => params[name] ?? '';
  const step = /^\d{1,6}$/.test(text('step')) ? Number(text('step')) : 1;
  return {
    recording: text('recording') || USUAL_RECORDING,
    id: text('id'),
    bed: {
      machine: text('machine'),
      kernel: text('kernel'),
      gate: text('gate'),
      fresh: text('fresh') === '1',
    },
    step: Math.max(0, step - 1),
    only: text('only'),
    group: text('group'),
  };
}

/** The link of choices; what is as it would be anyway is left out. */
export function linkOf({ recording, id, bed, step, only, group }: Choices): Link {
  const params = {
    recording: recording === USUAL_RECORDING && id === '' ? '' : recording,
    id,
    machine: bed.machine,
    kernel: bed.kernel,
    gate: bed.gate,
    fresh: bed.fresh ? '1' : '',
    step: id === '' || step === 0 ? '' : String(step + 1),
    only,
    group,
  };
  const entries = Object.entries(params).filter(([, value]) => value !== '');
  return { view: 'replay', params: Object.fromEntries(entries) };
}

/** The step that is shown of a scenario of `count` steps. */
export function stepWithin(step: number, count: number): number {
  return Math.max(0, Math.min(step, count - 1));
}

/** The next step that satisfies, from `from` on in a direction, not `from` itself. */
export function nextWhere<T>(
  steps: readonly T[],
  from: { readonly step: number; readonly by: 1 | -1 },
  isWanted: (step: T) => boolean,
): number | undefined {
  for (let i = from.step + from.by; i >= 0 && i < steps.length; i += from.by) {
    const step = steps[i];
    if (step !== undefined && isWanted(step)) return i;
  }
  return undefined;
}
