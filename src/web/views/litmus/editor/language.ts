// Our grammar as a language of CodeMirror; its colours are in theme.ts.

import {
  continuedIndent,
  delimitedIndent,
  foldInside,
  foldNodeProp,
  indentNodeProp,
  indentUnit,
  type Language,
  LanguageSupport,
  LRLanguage,
} from '@codemirror/language';
import { parser } from '../../../../syntax/index.ts';
import { completeLitmus } from './completion.ts';

/** The litmus language. */
export const litmusLanguage: Language = LRLanguage.define({
  name: 'litmus',
  parser: parser.configure({
    props: [
      indentNodeProp.add({
        Init: delimitedIndent({ closing: '}' }),
        Body: delimitedIndent({ closing: '}' }),
        Block: delimitedIndent({ closing: '}' }),
        If: continuedIndent({ except: /^\s*else\b/ }),
        While: continuedIndent(),
      }),
      foldNodeProp.add({ Init: foldInside, Body: foldInside }),
    ],
  }),
  languageData: {
    commentTokens: { line: '//', block: { open: '(*', close: '*)' } },
    closeBrackets: { brackets: ['(', '[', '{'] },
    autocomplete: completeLitmus,
  },
});

/** The language, and tabs as the kernel has them. */
export function litmus(): LanguageSupport {
  return new LanguageSupport(litmusLanguage, indentUnit.of('\t'));
}
