// The editor: CodeMirror with our language. It knows texts and problems, nothing of the page.

import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { type Diagnostic, forceLinting, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
  tooltips,
} from '@codemirror/view';
import { meaningAt } from './explain.ts';
import { litmus } from './language.ts';
import { type Mistake, mistakesIn } from './lint.ts';
import { theme } from './theme.ts';

/** What the page hears of. */
export interface EditorEvents {
  /** The text changed by the reader's hand. */
  readonly onText: (text: string) => void;
  readonly onMistakes: (mistakes: readonly Mistake[]) => void;
  readonly onRun: () => void;
  /** Stops what runs; false where nothing does. */
  readonly onStop: () => boolean;
}

/** The editor as the page uses it. */
export interface Editor {
  /** Shows another text; nobody is told. */
  readonly show: (text: string) => void;
  readonly text: () => string;
  readonly focus: () => void;
  /** Moves the cursor there, into view, and takes the focus. */
  readonly goTo: (offset: number) => void;
  readonly end: () => void;
}

/** Milliseconds after the last key until the text is checked. */
const PAUSE = 150;

/** The name that places begin with; no reader sees it. */
const FILE = 'test';

/**
 * Opens an editor inside `host`, in a shadow root: there CodeMirror adopts its style sheets, where
 * in the document itself it writes an element, which the page's policy forbids.
 */
export function openEditor(host: HTMLElement, text: string, events: EditorEvents): Editor {
  let silent = false;
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      selection: { anchor: codeIn(text) },
      extensions: [
        ...appearance(),
        keys(events),
        linter((editor) => check(editor, events), { delay: PAUSE }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !silent) events.onText(update.state.doc.toString());
        }),
      ],
    }),
  });
  forceLinting(view);
  showCode(view);
  return {
    show(next) {
      if (next === view.state.doc.toString()) return;
      silent = true;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: next },
        selection: { anchor: codeIn(next) },
      });
      silent = false;
      forceLinting(view);
      showCode(view);
    },
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    goTo(offset) {
      const anchor = Math.min(offset, view.state.doc.length);
      view.dispatch({ selection: { anchor }, scrollIntoView: true });
      view.focus();
    },
    end: () => view.destroy(),
  };
}

/** Where the test itself begins, behind its name and what is told of it. */
function codeIn(text: string): number {
  return Math.max(0, text.search(/^(?:\{|P\d)/m));
}

// The editor's own box alone is scrolled: CodeMirror's way would move the page as well.
function showCode(view: EditorView): void {
  view.requestMeasure({
    read: () => view.lineBlockAt(codeIn(view.state.doc.toString())).top,
    write: (top) => {
      view.scrollDOM.scrollTop = top;
    },
  });
}

function appearance() {
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    EditorState.tabSize.of(8),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': 'Litmus test',
      spellcheck: 'false',
      tabindex: '0',
    }),
    litmus(),
    theme,
    search({ top: true }),
    autocompletion({ icons: false }),
    hoverTooltip(meaningTip),
    // Where the editor scrolls by itself, tips still reach over its edges.
    tooltips({ position: 'fixed' }),
  ];
}

function keys({ onRun, onStop }: EditorEvents) {
  const run = (): boolean => {
    onRun();
    return true;
  };
  return [
    Prec.highest(keymap.of([{ key: 'Ctrl-Enter', run }])),
    keymap.of([
      ...completionKeymap,
      { key: 'Escape', run: onStop },
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
  ];
}

function check(view: EditorView, { onMistakes }: EditorEvents): readonly Diagnostic[] {
  const mistakes = mistakesIn(view.state.doc.toString(), FILE);
  onMistakes(mistakes);
  return mistakes
    .filter(({ line }) => line !== undefined)
    .map(({ problem, from, to }): Diagnostic => {
      const { what, hint } = problem;
      return {
        from,
        to,
        severity: 'error',
        message: hint === undefined ? what : `${what}\n${hint}`,
      };
    });
}

function meaningTip(view: EditorView, pos: number): Tooltip | null {
  const meaning = meaningAt(view.state, pos);
  if (!meaning) return null;
  const { from, to, title, says } = meaning;
  return {
    pos: from,
    end: to,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'lit-tip';
      const head = document.createElement('code');
      head.textContent = title;
      dom.append(head);
      for (const line of says) {
        const paragraph = document.createElement('p');
        paragraph.textContent = line;
        dom.append(paragraph);
      }
      return { dom };
    },
  };
}
