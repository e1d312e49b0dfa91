// The litmus view: a test, what it is run on, and what came of it.

import { useMemo, useRef } from 'preact/hooks';
import { fitsLink } from '../../link/index.ts';
import { Fault, saveFile } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import { Browser } from './catalogue/browser.tsx';
import { EditorBox } from './editor/editor-box.tsx';
import { isToldBy, Mistakes } from './mistakes.tsx';
import { nameIn } from './name.ts';
import { Progress } from './progress.tsx';
import { Result, Summary } from './result.tsx';
import { Settings } from './settings.tsx';
import './style.css';
import { type Playground, showVerdicts, usePlayground } from './use-playground.ts';
import { stoppedText, useChoices } from './use-run.ts';
import type { OpenTest } from './use-test.ts';

/** The playground. */
export default function LitmusView(props: ViewProps) {
  const playground = usePlayground(props);
  const { run, listed, setListed } = playground;
  return (
    <div class="litmus">
      <div class="litmus-head">
        <h1>Litmus</h1>
        <button type="button" aria-expanded={listed} onClick={() => setListed(!listed)}>
          Catalogue
        </button>
      </div>
      {listed ? <CatalogueBox {...playground} /> : null}
      <section class="litmus-test" aria-label="Test">
        <TestTitle {...playground} />
        <RunBar {...playground} />
        <RunLine {...playground} />
        <TestBox {...playground} />
      </section>
      <section class="litmus-result" aria-label="Verdicts">
        {run.kind === 'fault' ? <Fault message={run.message} /> : null}
        <ResultBox {...playground} />
      </section>
    </div>
  );
}

// What is large is drawn again only where it changes: not with each key, nor as a run goes on.

function CatalogueBox({ test, open, field }: Playground) {
  const { catalogue, entry } = test;
  const opener = useLatest(open);
  return useMemo(
    () => (
      <section class="litmus-catalogue" aria-label="Catalogue">
        {catalogue ? (
          <Browser catalogue={catalogue} current={entry} onOpen={opener} field={field} />
        ) : (
          <p aria-busy="true">Loading the catalogue ...</p>
        )}
      </section>
    ),
    [catalogue, entry],
  );
}

function ResultBox({ run, isOld, source, mistakes }: Playground) {
  const isListed = run.kind === 'done' && isToldBy(mistakes, run.reply);
  return useMemo(() => {
    if (run.kind !== 'done') return null;
    if (isListed) return <p role="alert">Not run: the mistakes stand under the text.</p>;
    return <Result reply={run.reply} asked={run.asked} isOld={isOld} source={source} />;
  }, [run, isOld, isListed, JSON.stringify(source)]);
}

/** The same function at every drawing, which does what the newest one does. */
function useLatest<A>(act: (argument: A) => void): (argument: A) => void {
  const latest = useRef(act);
  latest.current = act;
  return useRef((argument: A) => latest.current(argument)).current;
}

function TestTitle({ test, open }: Playground) {
  const { text = '', entry, catalogue } = test;
  const name = nameIn(text);
  // Where a text has the name of a test of the catalogue and is not it, it was made of it.
  const origin = entry ? undefined : catalogue?.byName.get(name);
  return (
    <div class="litmus-title">
      <h2>{name}</h2>
      <span class="quiet">{whence(test)}</span>
      <span class="actions">
        {origin === undefined ? null : (
          <button type="button" onClick={() => open(origin)}>
            Revert to the catalogue's
          </button>
        )}
        <button type="button" onClick={() => saveFile(`${name}.litmus`, 'text/plain', text)}>
          Save file
        </button>
      </span>
    </div>
  );
}

function whence({ entry, text }: OpenTest): string {
  if (text === undefined) return '';
  if (entry) return `of the catalogue, shelf ${entry.shelf}`;
  return fitsLink(text)
    ? 'your own text: it is in the link'
    : 'your own text: too long for a link, save it as a file';
}

function RunBar({ words, pick, run, runIt, stopIt }: Playground) {
  const choices = useChoices();
  const picker = useLatest(pick);
  const settings = useMemo(
    () => <Settings words={words} choices={choices} onPick={picker} />,
    [choices, JSON.stringify(words)],
  );
  return (
    <div class="bar litmus-bar">
      {settings}
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
  );
}

/** What became of the run, in a line beside its button. */
function RunLine({ run, isOld, source }: Playground) {
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
          <Summary reply={run.reply} source={source} />
          {run.reply.kind === 'wrong' ? null : (
            <button type="button" class="litmus-place" onClick={showVerdicts}>
              verdicts by machine
            </button>
          )}
        </p>
      );
    case 'none':
      return (
        <p class="litmus-line quiet">
          <span>
            <kbd>Ctrl+Enter</kbd> runs the test, <kbd>/</kbd> finds another, <kbd>?</kbd> lists the
            keys.
          </span>
        </p>
      );
    case 'fault':
      return null;
  }
}

function TestBox({ test, editor, mistakes, setMistakes, runIt, stopIt }: Playground) {
  const { text, opened, problem, edit } = test;
  return (
    <>
      {problem === undefined ? null : (
        <p role="alert" class="fault">
          {problem}
        </p>
      )}
      {text === undefined ? (
        <p aria-busy="true">Loading the test ...</p>
      ) : (
        <EditorBox
          text={text}
          opened={opened}
          editor={editor}
          onText={edit}
          onMistakes={setMistakes}
          onRun={runIt}
          onStop={stopIt}
        />
      )}
      <Mistakes mistakes={mistakes} onGo={(offset) => editor.current?.goTo(offset)} />
    </>
  );
}
