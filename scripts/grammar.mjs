// npm run grammar: makes src/syntax/tables.ts and terms.ts of src/syntax/litmus.grammar. Both are
// committed, so that a build needs no generator; test/house/grammar.test.ts tells when they are
// old.

import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildParserFile } from '@lezer/generator';
import { flags } from './lib/flags.mjs';
import { formatted } from './lib/format.mjs';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'src/syntax');

/** Columns of a piece of a table, so that its line stays within the limit. */
const piece = 84;

if (realpathSync(process.argv[1] ?? '.') === import.meta.filename) {
  flags('npm run grammar  (makes the tables of the parser for editors anew)', []);
  for (const { file, text } of generate()) writeFileSync(path.join(root, file), text);
}

/**
 * The files that the grammar comes to, in the form of the house.
 * @returns {{ file: string, text: string }[]}
 */
export function generate() {
  const grammar = readFileSync(path.join(folder, 'litmus.grammar'), 'utf8');
  const { parser, terms } = buildParserFile(grammar, {
    fileName: 'litmus.grammar',
    typeScript: true,
    warn: (message) => {
      throw new Error(`src/syntax/litmus.grammar: ${message}`);
    },
  });
  const made = 'Made of litmus.grammar by npm run grammar: change that file, not this one.';
  return [
    {
      file: 'src/syntax/tables.ts',
      text: formatted(
        parser
          .replace(/^\/\/.*\n/, `// The tables of the parser for editors.\n// ${made}\n\n`)
          .replace('export const parser', '/** The parser that the grammar describes. */\n$&')
          .replace(/"(?:[^"\\]|\\.)*"/g, inPieces),
        'src/syntax/tables.ts',
      ),
    },
    {
      file: 'src/syntax/terms.ts',
      text: formatted(
        `// Numbers of the terms that comments.ts asks for.\n// ${made}\n\n` +
          ['HerdComment', 'OpenParen'].map((name) => term(terms, name)).join('\n'),
        'src/syntax/terms.ts',
      ),
    },
  ];
}

/**
 * @param {string} terms
 * @param {string} name
 */
function term(terms, name) {
  const number = new RegExp(`\\b${name} = (\\d+)`).exec(terms)?.[1];
  if (number === undefined) throw new Error(`the grammar has no term ${name}`);
  return `/** The term ${name} of the grammar. */\nexport const ${name} = ${number};\n`;
}

/**
 * A long text as a sum of short ones, in ASCII.
 * @param {string} literal
 */
function inPieces(literal) {
  /** @type {string} */
  const text = JSON.parse(literal);
  const pieces = [];
  for (let at = 0; at < text.length; at += piece) pieces.push(text.slice(at, at + piece));
  return pieces.map(ascii).join(' +\n') || '""';
}

/** @param {string} text */
function ascii(text) {
  const code = (/** @type {string} */ c) => c.charCodeAt(0).toString(16).padStart(4, '0');
  return JSON.stringify(text).replace(/[^ -~]/g, (c) => `\\u${code(c)}`);
}
