// The litmus view: a test, what it is run on, and what came of it.

import { useEffect, useRef, useState } from 'preact/hooks';
import { CopyButton, Fault, saveFile, useKeys } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import type { RunAsk, RunWords } from './asks.ts';
import { Browser } from './catalogue/browser.tsx';
import type { Entry } from './catalogue/shelves.ts';
import { EditorBox } from './editor/editor-box.tsx';
import type { Editor } from './editor/editor.ts';
import type { Mistake } from './editor/lint.ts';
import { Mistakes } from './mistakes.tsx';
import { nameIn } from './name.ts';
import { Progress } from './progress.tsx';
import { Result, Summary } from './result.tsx';
import { Settings } from './settings.tsx';
import './style.css';
import { type Run, stoppedText, useChoices, useRun } from './use-run.ts';
import { type OpenTest, useTest, wordOf } from './use-test.ts';

/** The playground. */
export default function LitmusView({ link, go }: ViewProps) {
  const test = useTest({ link, go });
  const choices = useChoices();
  const { run, start, stop } = useRun();
  const [mistakes, setMistakes] = useState<readonly Mistake[]>([]);
  const [listed, setListed] = useState(() => matchMedia('(min-width: 60rem)').matches);
  const editor = useRef<Editor | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);
  const { params } = link;
  const words = wordsOf(params);
  const asked = askOf(test, words);

  const runIt = (): void => {
    const text = editor.current?.text() ?? test.text;
    if (text === undefined) return;
    start(
      askOf({ ...test, text, entry: test.entry?.text === text ? test.entry : undefined }, words),
    );
    go({ view: 'litmus', params: { ...params, run: '1' } }, { replace: true });
  };
  const stopIt = (): boolean => {
    if (!stop()) return false;
    // Who opens the link again does not want to wait for what was stopped.
    const { run: _, ...others } = params;
    go({ view: 'litmus', params: others }, { replace: true });
    return true;
  };
  const pick = (picked: Partial<RunWords>): void => {
    const { run: _, ...others } = params;
    go({ view: 'litmus', params: { ...others, ...picked } });
  };
  const open = (entry: Entry): void => {
    const { text: _, plain: __, run: ___, ...others } = params;
    go({ view: 'litmus', params: { ...others, test: wordOf(entry, test.catalogue) } });
    if (!matchMedia('(min-width: 60rem)').matches) setListed(false);
    editor.current?.focus();
  };
  const find = (): void => {
    setListed(true);
    setTimeout(() => field.current?.select());
  };
  // What a link asks for is run once it is open; what the reader changes is not.
  useEffect(() => {
    if (test.opened > 0 && params['run'] === '1') start(asked);
  }, [test.opened]);
  useKeys([
    { keys: ['r', 'Ctrl+Enter'], does: 'run the test', act: runIt },
    { keys: ['.', 'Escape'], does: 'stop the run', act: stopIt },
    { keys: ['/'], does: 'search the catalogue', act: find },
    { keys: ['v'], does: 'go to the verdicts by machine', act: showVerdicts },
    { keys: ['e'], does: 'go to the editor', act: () => editor.current?.focus() },
    { keys: ['F8'], does: 'in the editor: next mistake', act: () => goToFirst(editor, mistakes) },
    { keys: ['Ctrl+Space'], does: 'in the editor: what could be typed here', act: nothing },
    { keys: ['Escape then Tab'], does: 'leave the editor', act: nothing },
  ]);

  const name = test.text === undefined ? '' : nameIn(test.text);
  const isOld = 'asked' in run && JSON.stringify(run.asked) !== JSON.stringify(asked);
  return (
    <div class="litmus">
      <div class="litmus-head">
        <h1>Litmus</h1>
        <button type="button" aria-expanded={listed} onClick={() => setListed(!listed)}>
          Catalogue
        </button>
      </div>
      {listed ? (
        <section class="litmus-catalogue" aria-label="Catalogue">
          {test.catalogue ? (
            <Browser catalogue={test.catalogue} current={test.entry} onOpen={open} field={field} />
          ) : (
            <p aria-busy="true">Loading the catalogue ...</p>
          )}
        </section>
      ) : null}
      <section class="litmus-test" aria-label="Test">
        <div class="litmus-title">
          <h2>{name}</h2>
          <span class="quiet">{originOf(test)}</span>
          <span class="actions">
            <Revert test={test} name={name} onRevert={open} />
            <CopyButton label="Copy link" text={() => location.href} shortcut="l" />
            <button
              type="button"
              onClick={() => saveFile(`${name}.litmus`, 'text/plain', test.text ?? '')}
            >
              Save file
            </button>
          </span>
        </div>
        <div class="bar litmus-bar">
          <Settings words={words} choices={choices} onPick={pick} />
          <button type="button" class="primary" onClick={runIt} aria-keyshortcuts="r Control+Enter">
            Run
          </button>
          <button
            type="button"
            onClick={stopIt}
            disabled={run.kind !== 'running'}
            aria-keyshortcuts=". Escape"
          >
            Stop
          </button>
        </div>
        <RunLine run={run} isOld={isOld} onShow={showVerdicts} />
        {test.problem === undefined ? null : (
          <p role="alert" class="fault">
            {test.problem}
          </p>
        )}
        {test.text === undefined ? (
          <p aria-busy="true">Loading the test ...</p>
        ) : (
          <EditorBox
            text={test.text}
            opened={test.opened}
            editor={editor}
            onText={test.edit}
            onMistakes={setMistakes}
            onRun={runIt}
            onStop={stopIt}
          />
        )}
        <Mistakes mistakes={mistakes} onGo={(offset) => editor.current?.goTo(offset)} />
      </section>
      <section class="litmus-result" aria-label="Verdicts">
        {run.kind === 'fault' ? <Fault message={run.message} /> : null}
        {run.kind === 'done' ? (
          <Result reply={run.reply} isOld={isOld} source={sourceOf(run.asked, params)} />
        ) : null}
      </section>
    </div>
  );
}

/** What became of the run, in a line beside its button. */
function RunLine({
  run,
  isOld,
  onShow,
}: {
  readonly run: Run;
  readonly isOld: boolean;
  readonly onShow: () => void;
}) {
  switch (run.kind) {
    case 'running':
      return <Progress told={run.told} rate={run.rate} />;
    case 'stopped':
      return (
        <p class="litmus-line" data-testid="stopped">
          {stoppedText(run.states)}
        </p>
      );
    case 'done':
      return (
        <p class="litmus-line" data-testid="summary">
          {isOld ? <span class="quiet">before the last change:</span> : null}
          <Summary reply={run.reply} />
          <button type="button" class="litmus-place" onClick={onShow}>
            by machine
          </button>
        </p>
      );
    case 'none':
      return (
        <p class="litmus-line quiet">
          <kbd>Ctrl+Enter</kbd> runs the test, <kbd>/</kbd> finds another, <kbd>?</kbd> lists the
          keys.
        </p>
      );
    case 'fault':
      return null;
  }
}

function showVerdicts(): void {
  const heading = document.getElementById('litmus-verdicts');
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}

function nothing(): void {
  // The editor does it: the key is bound here to be listed.
}

function goToFirst(
  editor: { readonly current: Editor | undefined },
  mistakes: readonly Mistake[],
): void {
  const [first] = mistakes;
  if (first) editor.current?.goTo(first.from);
}

type Params = ViewProps['link']['params'];

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

function sourceOf(
  { test }: RunAsk,
  { text = '', plain = '' }: Params,
): Readonly<Record<string, string>> {
  if (test !== undefined) return { test };
  return text === '' ? { plain } : { text };
}

function originOf({ entry, text }: OpenTest): string {
  if (text === undefined) return '';
  return entry ? `of the catalogue, shelf ${entry.shelf}` : 'your own text: it is in the link';
}

// Where a text has the name of a test of the catalogue and is not it, it was probably made of it.
function Revert({
  test,
  name,
  onRevert,
}: {
  readonly test: OpenTest;
  readonly name: string;
  readonly onRevert: (entry: Entry) => void;
}) {
  const entry = test.catalogue?.byName.get(name);
  if (test.entry || !entry) return null;
  return (
    <button type="button" onClick={() => onRevert(entry)}>
      Revert to the catalogue's
    </button>
  );
}
