// The state of the litmus view and what can be done with it.

import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useKeys } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import type { RunAsk, RunWords } from './asks.ts';
import type { Entry } from './catalogue/shelves.ts';
import type { Editor } from './editor/editor.ts';
import type { Mistake } from './editor/lint.ts';
import { type Run, useRun } from './use-run.ts';
import { type OpenTest, useTest, wordOf } from './use-test.ts';

/** What the parts of the view show, and what they may do. */
export interface Playground {
  readonly test: OpenTest;
  readonly run: Run;
  /** Text or choices are no longer those that were run. */
  readonly isOld: boolean;
  readonly words: RunWords;
  readonly mistakes: readonly Mistake[];
  readonly setMistakes: (mistakes: readonly Mistake[]) => void;
  /** The catalogue is shown. */
  readonly listed: boolean;
  readonly setListed: (listed: boolean) => void;
  readonly editor: { current: Editor | undefined };
  readonly field: RefObject<HTMLInputElement | null>;
  readonly open: (entry: Entry) => void;
  readonly pick: (words: Partial<RunWords>) => void;
  readonly runIt: () => void;
  /** False where nothing runs. */
  readonly stopIt: () => boolean;
  /** What a link to a witness names beside machine, kernel and remedy: `test`, `text`, `plain`. */
  readonly source: Params;
}

type Params = ViewProps['link']['params'];

/** From this width on the catalogue stands beside the test. */
const WIDE = '(min-width: 60rem)';

/** Holds all that the view is about. */
export function usePlayground({ link, go }: ViewProps): Playground {
  const test = useTest({ link, go });
  const { run, start, stop } = useRun();
  const [mistakes, setMistakes] = useState<readonly Mistake[]>([]);
  const [listed, setListed] = useState(() => matchMedia(WIDE).matches);
  const editor = useRef<Editor | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);
  const { params } = link;
  const words = wordsOf(params);
  const asked = askOf(test, words);
  const move = (changed: Params, replace = false): void => {
    const kept = Object.entries({ ...params, ...changed }).filter(([, word]) => word !== '');
    go({ view: 'litmus', params: Object.fromEntries(kept) }, { replace });
  };
  const runIt = (): void => {
    // What was typed last may not be drawn yet.
    const text = editor.current?.text() ?? test.text;
    if (text === undefined) return;
    const isSame = test.entry?.text === text;
    start(askOf({ ...test, text, entry: isSame ? test.entry : undefined }, words));
    move({ run: '1' }, true);
  };
  const stopIt = (): boolean => {
    if (!stop()) return false;
    // Who opens the link again does not want to wait for what was stopped.
    move({ run: '' }, true);
    return true;
  };
  const open = (entry: Entry): void => {
    move({ test: wordOf(entry, test.catalogue), text: '', plain: '', run: '' });
    if (!matchMedia(WIDE).matches) setListed(false);
    editor.current?.focus();
  };
  // What a link asks for is run once it is open; what the reader changes is not.
  useEffect(() => {
    if (test.opened > 0 && params['run'] === '1') start(asked);
  }, [test.opened]);
  const find = (): void => {
    setListed(true);
    setTimeout(() => field.current?.select());
  };
  useLitmusKeys({ editor, mistakes, find, runIt, stopIt });
  return {
    test,
    run,
    isOld: 'asked' in run && JSON.stringify(run.asked) !== JSON.stringify(asked),
    words,
    mistakes,
    setMistakes,
    listed,
    setListed,
    editor,
    field,
    open,
    pick: (picked) => move({ ...picked, run: '' }),
    runIt,
    stopIt,
    source: 'asked' in run ? sourceOf(run.asked, params) : {},
  };
}

function useLitmusKeys({
  editor,
  mistakes,
  find,
  runIt,
  stopIt,
}: Pick<Playground, 'editor' | 'mistakes' | 'runIt' | 'stopIt'> & { readonly find: () => void }) {
  const toMistake = (): void => {
    const [first] = mistakes;
    if (first) editor.current?.goTo(first.from);
  };
  useKeys([
    { keys: ['r', 'Ctrl+Enter'], does: 'run the test', act: runIt },
    { keys: ['.', 'Escape'], does: 'stop the run', act: stopIt },
    { keys: ['/'], does: 'search the catalogue', act: find },
    { keys: ['e'], does: 'go to the editor', act: () => editor.current?.focus() },
    { keys: ['v'], does: 'go to the verdicts by machine', act: showVerdicts },
    { keys: ['F8'], does: 'go to the next mistake', act: toMistake },
    { keys: ['Ctrl+Space'], does: 'in the editor: what could be typed here', act: nothing },
    { keys: ['Escape then Tab'], does: 'leave the editor', act: nothing },
  ]);
}

/** Brings the verdicts by machine into view. */
export function showVerdicts(): void {
  const heading = document.getElementById('litmus-verdicts');
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}

function nothing(): void {
  // The editor does it: the key is bound here to be listed.
}

function wordsOf(params: Params): RunWords {
  const word = (name: string): string => params[name] ?? '';
  return {
    machine: word('machine'),
    arch: word('arch'),
    kernel: word('kernel'),
    remedy: word('remedy'),
    bound: word('bound'),
  };
}

function askOf({ text = '', entry, catalogue }: OpenTest, words: RunWords): RunAsk {
  return { text, ...words, ...(entry ? { test: wordOf(entry, catalogue) } : {}) };
}

function sourceOf({ test }: RunAsk, { text = '', plain = '' }: Params): Params {
  if (test !== undefined) return { test };
  return text === '' ? { plain } : { text };
}
