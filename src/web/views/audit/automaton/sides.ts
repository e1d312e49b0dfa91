// Who finds something wrong, in a word and a glyph.

import type { ShownSide } from '../../../../forms/index.ts';

/** What the sides are called, and the glyph that stands for each in the drawing. */
export const SIDES: Readonly<Record<ShownSide, { readonly glyph: string; readonly word: string }>> =
  {
    both: { glyph: '=', word: 'tree and model' },
    onlyTree: { glyph: '+', word: 'tree alone' },
    onlyModel: { glyph: '-', word: 'model alone' },
    notComparable: { glyph: '~', word: 'model, not comparable' },
  };
