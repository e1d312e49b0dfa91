// Before integration tests: dist/ is built anew if a source is younger, so that the tests never
// judge yesterday's program.

import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** What vitest calls once, before the first test. */
export function setup(): void {
  if (built() >= youngest(path.join(root, 'src'))) return;
  const build = path.join(root, 'scripts/build.mjs');
  spawnSync(process.execPath, [build], { cwd: root, stdio: 'inherit' });
}

function built(): number {
  return statSync(path.join(root, 'dist'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function youngest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter(
    (file) => /\.(?:tsx?|css|html)$/.test(file) && !file.endsWith('.test.ts'),
  );
  return Math.max(0, ...sources.map((file) => statSync(path.join(folder, file)).mtimeMs));
}
