#!/usr/bin/env node
// Starts the compiled command line. Without one it says what to type, and nothing else happens.

import { existsSync } from 'node:fs';

// Bundled, or file by file where a build stopped before the bundle.
const compiled = ['../dist/bundle/main.js', '../dist/cli/main.js']
  .map((file) => new URL(file, import.meta.url))
  .find((url) => existsSync(url));

if (compiled) {
  const { main } = await import(compiled.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  const folder = new URL('..', import.meta.url).pathname;
  process.stderr.write(
    'dachs: not built yet: dist/bundle/main.js is missing\n' +
      `hint: cd ${folder} && npm ci && npm run build\n`,
  );
  process.exitCode = 2;
}
