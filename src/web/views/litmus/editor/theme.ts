// The editor's look: the page's colours, which reach into its shadow root as custom properties.

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const frame = EditorView.theme({
  '&': {
    border: '1px solid var(--quiet)',
    borderRadius: '4px',
    maxHeight: '34rem',
    background: 'var(--ground)',
    color: 'var(--text)',
  },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '1px' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    fontSize: '0.875rem',
    lineHeight: '1.45',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    background: 'var(--raised)',
    color: 'var(--quiet)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine': { background: 'transparent' },
  '.cm-activeLineGutter': { background: 'var(--accent-ground)', color: 'var(--text)' },
  '.cm-selectionBackground': { background: 'var(--accent-ground)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'var(--accent-ground)',
  },
  '.cm-selectionMatch': { background: 'transparent', outline: '1px solid var(--line)' },
  '&.cm-focused .cm-matchingBracket': {
    background: 'transparent',
    outline: '1px solid var(--quiet)',
  },
  '&.cm-focused .cm-nonmatchingBracket': {
    background: 'transparent',
    outline: '1px solid var(--bad)',
  },
});

const mistakes = EditorView.theme({
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '3px',
  },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', color: 'var(--text)' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--bad)' },
  '.cm-gutter-lint': { width: '1.1em' },
});

const panels = EditorView.theme({
  '.cm-panels': { background: 'var(--raised)', color: 'var(--text)' },
  '.cm-textfield, .cm-button': {
    backgroundImage: 'none',
    background: 'var(--ground)',
    color: 'var(--text)',
    border: '1px solid var(--quiet)',
  },
  '.cm-searchMatch': { background: 'var(--warn-ground)', outline: '1px solid var(--warn)' },
  '.cm-tooltip': {
    background: 'var(--ground)',
    color: 'var(--text)',
    border: '1px solid var(--quiet)',
    borderRadius: '4px',
    maxWidth: 'min(34rem, 90vw)',
    zIndex: '5',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: '0.8125rem',
    maxHeight: '14rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.1rem 0.4rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--ground)',
  },
  '.cm-completionDetail': { fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-tooltip.cm-completionInfo': { padding: '0.4rem 0.6rem', fontSize: '0.8125rem' },
  '.lit-tip': { padding: '0.4rem 0.6rem', fontSize: '0.8125rem' },
  '.lit-tip code': { fontFamily: 'var(--mono)', fontWeight: '600' },
  '.lit-tip p': { margin: '0.2rem 0 0' },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)' },
  { tag: tags.function(tags.variableName), color: 'var(--good)' },
  { tag: tags.local(tags.variableName), fontStyle: 'italic' },
  { tag: [tags.number, tags.string], color: 'var(--warn)' },
  { tag: tags.comment, color: 'var(--quiet)' },
]);

/** Frame, panels, tips and the colours of the language. */
export const theme = [frame, mistakes, panels, syntaxHighlighting(colours)];
