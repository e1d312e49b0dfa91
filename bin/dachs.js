#!/usr/bin/env node
// Starts the compiled command line. Without one it says what to type, and nothing else happens.

import { existsSync } from 'node:fs';

const compiled = new URL('../dist/cli/main.js', import.meta.url);

if (existsSync(compiled)) {
  const { main } = await import(compiled.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  const folder = new URL('..', import.meta.url).pathname;
  process.stderr.write(
    'dachs: not built yet: dist/cli/main.js is missing\n' +
      `hint: cd ${folder} && npm ci && npm run build\n`,
  );
  process.exitCode = 2;
}
