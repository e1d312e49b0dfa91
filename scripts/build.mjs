// Compiles src/ into dist/ (npm run build), beside the old one and then in its place, so that a
// command running meanwhile never finds half a program.
// With --if-possible (npm's prepare step) a missing compiler is no failure: `npm ci --omit=dev`
// leaves it out, and then this script only says what to do.

import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { flags } from './lib/flags.mjs';

const root = path.resolve(import.meta.dirname, '..');

const given = flags('npm run build [-- --if-possible]  (with it, no compiler is no failure)', [
  'if-possible',
]);
process.exitCode = main(given['if-possible']);

/**
 * @param {boolean} ifPossible
 * @returns {number} exit status
 */
function main(ifPossible) {
  const tsc = compiler();
  if (tsc === undefined) {
    process.stderr.write(
      'dachs: dist/ is not built: the compiler is not installed (npm ci --omit=dev?)\n' +
        'hint: npm ci --include=dev && npm run build\n',
    );
    return ifPossible ? 0 : 2;
  }
  const fresh = path.join(root, `dist.new-${process.pid}`);
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh];
  const run = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (existsSync(fresh)) {
    // The old build goes aside first: a command started meanwhile finds one or the other.
    const dist = path.join(root, 'dist');
    const old = path.join(root, `dist.old-${process.pid}`);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    rmSync(old, { recursive: true, force: true });
  }
  return run.status ?? 1;
}

/**
 * The path of tsc's launcher, or undefined where it or the types of Node are not installed: a
 * dependency may bring typescript along without the rest.
 * @returns {string | undefined}
 */
function compiler() {
  try {
    const require = createRequire(import.meta.url);
    require.resolve('@types/node/package.json');
    const manifest = require.resolve('typescript/package.json');
    return path.join(path.dirname(manifest), 'bin/tsc');
  } catch {
    return undefined;
  }
}
