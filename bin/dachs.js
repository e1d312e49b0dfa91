#!/usr/bin/env node
// Starts the compiled command line. Without one it says what to type, and nothing else happens.

import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  const folder = new URL('..', import.meta.url).pathname;
  process.stderr.write(
    'dachs: not built yet: dist/cli/main.js is missing\n' +
      `hint: cd ${folder} && npm ci && npm run build\n`,
  );
  process.exitCode = 2;
}
