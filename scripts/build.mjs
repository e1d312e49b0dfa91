// Compiles src/ into dist/ and bundles the command line (npm run build), beside the old one and
// then in its place, so that a command running meanwhile never finds half a program.
// With --if-possible (npm's prepare step) a missing compiler is no failure: `npm ci --omit=dev`
// leaves it out, and then this script only says what to do.

import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { flags } from './lib/flags.mjs';
import { licencesOf } from './lib/licences.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** Packages with files of their own beside their code: they stay where they are. */
const unbundled = ['web-tree-sitter', 'tree-sitter-c'];

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
    if (run.status === 0) {
      await bundle(fresh);
      const { buildPage } = await import('./lib/page.mjs');
      await buildPage(path.join(fresh, 'web'));
    }
    // The old build goes aside first: a command started meanwhile finds one or the other.
    const dist = path.join(root, 'dist');
    const old = path.join(root, `dist.old-${process.pid}`);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    rmSync(old, { recursive: true, force: true });
    // The first run of a command leaves compiled code behind for the next: this is that first run.
    const warm = ['bin/dachs.js', 'run', 'CoWR+k+u+other', '--terse'];
    spawnSync(process.execPath, warm, { cwd: root, env: { ...process.env, DACHS_WARM: '1' } });
  }
  return run.status ?? 1;
}

/**
 * The command line and the packages it uses in a few files: to find and read four hundred small
 * ones takes longer than most answers. The entries of threads are apart: they are started by
 * their path.
 * @param {string} dist
 */
async function bundle(dist) {
  const { rolldown } = await import('rolldown');
  const common = {
    platform: /** @type {const} */ ('node'),
    external: [/^node:/, ...unbundled],
    treeshake: {
      moduleSideEffects: (/** @type {string} */ id) => id.includes('node_modules'),
    },
  };
  // As deep as the files it is made of: they find data and catalogue by paths relative to theirs.
  const dir = path.join(dist, 'bundle');
  const main = await rolldown({ ...common, input: { main: path.join(dist, 'cli/main.js') } });
  const chunks = await main.write({
    dir,
    format: 'cjs',
    // The launcher's loader knows require() alone.
    dynamicImportInCjs: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunk-[hash].cjs',
  });
  await main.close();
  const threads = await rolldown({
    ...common,
    input: {
      'search-worker': path.join(dist, 'host/search-worker.js'),
      'deep-search-thread': path.join(dist, 'host/deep-search-thread.js'),
      'replay-worker': path.join(dist, 'host/replay-worker.js'),
      'judge-worker': path.join(dist, 'host/judge-worker.js'),
      'c-part-worker': path.join(dist, 'host/c-part-worker.js'),
      'errptr-worker': path.join(dist, 'host/errptr-worker.js'),
    },
  });
  await threads.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[hash].js',
  });
  await threads.close();
  const ids = chunks.output.flatMap((one) => (one.type === 'chunk' ? one.moduleIds : []));
  writeFileSync(path.join(dir, 'LICENCES.txt'), licencesOf(ids));
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
