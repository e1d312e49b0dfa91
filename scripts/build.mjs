// Compiles src/ into dist/ and bundles the command line (npm run build), beside the old one and then in its place, so that a
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
process.exitCode = await main(given['if-possible']);

/**
 * @param {boolean} ifPossible
 * @returns {Promise<number>} exit status
 */
async function main(ifPossible) {
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
    if (run.status === 0) await bundle(fresh);
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
 * The command line in a few files: to find and read three hundred small ones takes longer than most
 * answers. Packages stay outside; so do the entries of threads, which are started by their path.
 * @param {string} dist
 */
async function bundle(dist) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: {
      main: path.join(dist, 'cli/main.js'),
      'search-worker': path.join(dist, 'host/search-worker.js'),
      'deep-search-thread': path.join(dist, 'host/deep-search-thread.js'),
    },
    platform: 'node',
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
    treeshake: { moduleSideEffects: false },
  });
  // As deep as the files it is made of: they find data and catalogue by paths relative to their own.
  await build.write({
    dir: path.join(dist, 'bundle'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[hash].js',
  });
  await build.close();
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
