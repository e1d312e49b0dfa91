// How the page is built: a folder of static files, or one HTML file that needs no server.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { licencesOf } from './licences.mjs';
import { policyPlugin } from './page-policy.mjs';
import { singleFilePlugin } from './page-single.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const src = path.join(root, 'src/web');

const bundler = {
  // The rooms of the engine do nothing by being loaded: what nobody asks for is left out.
  treeshake: {
    moduleSideEffects: (/** @type {string} */ id) =>
      !id.startsWith(path.join(root, 'src/')) || id.startsWith(src),
  },
  // How long our small plugins take is no news on a busy machine.
  checks: { pluginTimings: false },
};

/**
 * What vite is told.
 * @param {{ single: boolean, isBuild: boolean, outDir?: string }} how
 * @returns {import('vite').UserConfig}
 */
export function pageConfig({ single, isBuild, outDir = path.join(root, 'dist/web') }) {
  return {
    root: src,
    base: './',
    publicDir: false,
    logLevel: isBuild ? 'warn' : 'info',
    plugins: [...(isBuild ? [policyPlugin(single)] : []), ...(single ? [singleFilePlugin()] : [])],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    resolve: {
      alias: [
        // Colours of tables are for terminals: the report room asks for none.
        { find: /^@colors\/colors\/safe(?:\.js)?$/, replacement: `${src}/data/no-colours.ts` },
        {
          find: 'dachs:engine-worker',
          replacement: `${src}/worker/${single ? 'start-inline' : 'start'}.ts`,
        },
      ],
    },
    worker: { format: single ? 'iife' : 'es', rolldownOptions: bundler },
    build: {
      outDir,
      rolldownOptions: bundler,
      emptyOutDir: !single,
      target: 'es2023',
      cssCodeSplit: !single,
      assetsInlineLimit: single ? Number.MAX_SAFE_INTEGER : 0,
      modulePreload: single ? false : { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 8192,
    },
    server: { host: '127.0.0.1' },
  };
}

/**
 * Builds both forms into a folder.
 * @param {string} outDir
 */
export async function buildPage(outDir) {
  const { build } = await import('vite');
  for (const single of [false, true]) {
    /** @type {Set<string>} */
    const modules = new Set();
    const config = pageConfig({ single, isBuild: true, outDir });
    const collect = collector(modules);
    config.plugins?.push(collect);
    config.worker = { ...config.worker, plugins: () => [collect] };
    await build({ configFile: false, mode: 'production', ...config });
    giveLicences(outDir, single, licencesOf(modules));
  }
}

/**
 * Notes which modules are taken in, by the page and by its worker.
 * @param {Set<string>} modules
 * @returns {import('vite').Plugin}
 */
function collector(modules) {
  return {
    name: 'dachs-modules',
    load(id) {
      modules.add(id.replace(/[?#].*$/, ''));
    },
  };
}

/**
 * Beside the folder's files, or inside the one file as a block that is no script.
 * @param {string} outDir
 * @param {boolean} single
 * @param {string} text
 */
function giveLicences(outDir, single, text) {
  if (!single) {
    writeFileSync(path.join(outDir, 'LICENCES.txt'), text);
    return;
  }
  const file = path.join(outDir, 'dachs.html');
  const block = `<script type="text/plain" id="licences">\n${text}</script>\n</html>`;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/<\/html>\s*$/, () => `${block}\n`),
  );
}
