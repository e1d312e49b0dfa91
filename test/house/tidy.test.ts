// Each house rule has a sample that it finds and a near miss that it lets pass; our tree is clean.

import path from 'node:path';
import { expect, test } from 'vitest';
import { format } from '../../scripts/lib/files.mjs';
import { check, tidy } from '../../scripts/tidy.mjs';

const say = (file: string, text: string) => format(check(file, text));
const core = 'src/hw/cache.ts';
const head = '// A cache.\n';

test.each([
  [core, `${head}${'\n'.repeat(500)}`, ':501: error: 501 lines'],
  [core, `${head}// ${'x'.repeat(98)}\n`, ':2: error: 101 columns'],
  ['docs/guide.md', `${'word '.repeat(30)}\n`, ':1: error: 150 columns'],
  ['docs/guide.md', `\`\`\`\n\`\`\`\n${'word '.repeat(30)}\n`, ':3: error: 150 columns'],
  [core, "import './a.ts';\n// Late.\n", ':1: error: opens without'],
  ['scripts/a.mjs', '#!/usr/bin/env node\nlet x = 1;\n', ':1: error: opens without'],
  [core, `${head}\nexport const size = 1;\n`, ":3: error: export 'size' has no docstring"],
  [core, `${head}\n/** A. */\nconst a = 1;\nexport type B = 1;\n`, ":5: error: export 'B'"],
  [core, `${head}const a = 'caf\u00e9';\n`, ':2: error: a string that is not ASCII'],
  [core, `${head}const a = \`\${b} \u2192\`;\n`, ':2: error: a string that is not ASCII'],
  [core, `${head}let count = 0;\n`, ":2: error: module-level state: 'let'"],
  [core, `${head}const now = Date.now();\n`, ":2: error: clock or randomness in the core: 'Date"],
  [core, `${head}// TODO: later\n`, ":2: error: leftover marker: 'TODO'"],
  ['docs/a.md', 'Works for now.\n', ":1: error: leftover marker: 'for now'"],
  ['docs/a.md', 'See /home/ann/linux.\n', ":1: error: one machine's path: '/home/a'"],
  ['package-lock.json', '"resolved": "x"', ':1: error: registry host'],
  ['README.md', 'From https://registry.example.org/x', ':1: error: registry host'],
  ['CONTRIBUTING.md', 'The agent wrote this.', ':1: error: word about how it was written'],
  ['test/a.test.ts', `${head}test.only('x', f);\n`, ':2: error: a test that hides others'],
])('%s: %j is found', (file, text, message) => {
  expect(say(file, text)).toMatch(new RegExp(`^${file}${message.replace(/[()]/g, '.')}.*\n$`));
});

test.each([
  [core, `${head}${'\n'.repeat(499)}`],
  [core, `${head}// ${'x'.repeat(97)}\n`],
  ['docs/guide.md', `\`\`\`console\n$ dachs\n${'word '.repeat(30)}\n\`\`\`\n`],
  ['docs/guide.md', `| ${'cell | '.repeat(30)}\n`],
  ['docs/guide.md', `<https://example.org/${'x'.repeat(100)}>\n`],
  ['src/hw/index.ts', "export * from './cache.ts';\n"],
  ['scripts/a.mjs', '#!/usr/bin/env node\n// Does a thing.\n'],
  [core, `${head}\n/** Bytes. */\nexport const size = 1;\n`],
  [core, `${head}\n/** One. */\nexport function f(): void;\nexport function f(a?: 1): void {}\n`],
  [core, `${head}// caf\u00e9\nconst a = '\\u00e9';\n`],
  [core, `${head}function f() {\n  let count = 0;\n}\n`],
  ['src/host/a.ts', `${head}const now = Date.now();\n`],
  [core, `${head}// Date.now() is not for the core\n`],
  [core, `${head}// mkstemp("aXXXXXX"), a hackathon, not for nowhere\n`],
  ['docs/a.md', 'See arch/work/x.c, ~/work/y and drivers/tmp/z.\n'],
  ['docs/a.md', 'The mount helper is reagent-grade.\n'],
  ['test/a.test.ts', `${head}// test.only(\n`],
])('%s: %j is let pass', (file, text) => {
  expect(say(file, text)).toBe('');
});

test('our own tree is tidy (node scripts/tidy.mjs lists what is not)', () => {
  expect(tidy(path.resolve(import.meta.dirname, '../..')).complaints.length).toBe(0);
});
