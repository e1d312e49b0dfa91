// Words and glyphs of the replay view. Nothing is told by colour alone.

import type { LineOwner, StepResult } from '../../../replay/index.ts';
import type { Change } from './changes.ts';

/** What became of a step: glyph and word. */
export const kindWords: Readonly<
  Record<StepResult['kind'], { readonly glyph: string; readonly word: string }>
> = {
  agrees: { glyph: '=', word: 'agrees' },
  differs: { glyph: '\u2260', word: 'differs' },
  'not-held': { glyph: '\u25cb', word: 'not held' },
  'not-checked': { glyph: '?', word: 'not checked' },
};

/** An address. */
export function hex(address: number): string {
  return `0x${address.toString(16)}`;
}

/** Whose copy it is, short enough for a cell. */
export function ownerWord(owner: LineOwner): string {
  if (owner.kind === 'mapping') return `mapping ${owner.name}`;
  if (owner.kind === 'gone') return 'unmapped since';
  return owner.linear ? 'kernel, linear' : 'kernel, other';
}

/** Whether a copy is dirty: glyph and word. */
export function stateWord(dirty: boolean): string {
  return dirty ? '\u25cf dirty' : '\u25cb clean';
}

/** What happened to a thing in this step; empty where nothing did. */
export function changeWord(change: Change): string {
  return change === 'same' ? '' : change;
}
