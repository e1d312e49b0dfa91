// Opening a file: in the worker, with progress and Stop. What was opened last stays while one looks
// at another view, and while a file that cannot be read is tried.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../../../base/index.ts';
import { announce } from '../../ui/index.ts';
import type { Told } from '../../worker/asks.ts';
import { ask } from '../../worker/client.ts';
import type { AuditOpenAnswer } from './asks.ts';
import { counted } from './words.ts';

/** A file that is open. */
export interface Opened {
  /** Which opening it is: each is another. */
  readonly number: number;
  readonly name: string;
  readonly isExample: boolean;
  readonly read: Extract<AuditOpenAnswer, { readonly ok: true }>;
}

/** Where the view is with its file. */
export interface Opening {
  readonly opened?: Opened;
  readonly problem?: Problem;
  readonly fault?: string;
  readonly busy?: { readonly name: string; readonly told?: Told };
}

/** What the view can do about it. */
export interface Openers {
  readonly open: (file: Blob, name: string) => void;
  readonly openExample: () => void;
  readonly stop: () => void;
}

/** Name of the worker that reads and draws. */
export const LANE = 'audit';

const EXAMPLE = 'the example';

let kept: Opened | undefined;
let number = 0;

/** The file of the view; `onOpened` is called with each new one. */
export function useOpening(onOpened: (opened: Opened) => void): Opening & Openers {
  const [state, setState] = useState<Opening>(kept === undefined ? {} : { opened: kept });
  const under = useRef<AbortController>(undefined);
  const latest = useRef(onOpened);
  latest.current = onOpened;
  useEffect(() => () => under.current?.abort(), []);

  const load = async (name: string, isExample: boolean, get: () => Promise<Blob>) => {
    under.current?.abort();
    const control = new AbortController();
    under.current = control;
    const isCurrent = (): boolean => under.current === control;
    const show = (part: Opening): void => {
      if (isCurrent()) setState({ ...(kept === undefined ? {} : { opened: kept }), ...part });
    };
    show({ busy: { name } });
    try {
      const onTold = (told: Told): void => show({ busy: { name, told } });
      const given = { file: await get(), name };
      const read = await ask('audit-open', given, { lane: LANE, signal: control.signal, onTold });
      if (!isCurrent()) return;
      if (!read.ok) {
        show({ problem: read.problem });
        return;
      }
      kept = { number: ++number, name, isExample, read };
      show({});
      latest.current(kept);
      const count = read.file.runs.reduce((sum, { findings }) => sum + findings.length, 0);
      announce(`Opened ${name}: ${counted(count, 'finding')}`);
    } catch (error) {
      if (control.signal.aborted) {
        show({});
        if (isCurrent()) announce('Stopped: nothing was opened');
      } else show({ fault: error instanceof Error ? error.message : String(error) });
    }
  };
  return {
    ...state,
    open: (file, name) => void load(name, false, async () => Promise.resolve(file)),
    openExample: () => void load(EXAMPLE, true, exampleFile),
    stop: () => under.current?.abort(),
  };
}

async function exampleFile(): Promise<Blob> {
  const { default: text } = await import('./example.json?raw');
  return new Blob([text], { type: 'application/json' });
}
