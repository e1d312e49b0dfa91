// How the page is built: `vite build` gives a folder of static files, `--mode single` one HTML
// file that needs no server. scripts/build.mjs calls both; `npm run web` serves it while it is
// being worked on.

import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { policyPlugin } from './scripts/lib/page-policy.mjs';
import { singleFilePlugin } from './scripts/lib/page-single.mjs';

const root = import.meta.dirname;
const src = path.join(root, 'src/web');

export default defineConfig(({ mode, command }) => {
  const single = mode === 'single';
  const plugins: Plugin[] = command === 'serve' ? [] : [policyPlugin(single)];
  if (single) plugins.push(singleFilePlugin());
  return {
    root: src,
    base: './',
    publicDir: false,
    plugins,
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
    worker: { format: single ? 'iife' : 'es' },
    build: {
      outDir: path.join(root, 'dist/web'),
      emptyOutDir: true,
      target: 'es2023',
      cssCodeSplit: !single,
      assetsInlineLimit: single ? Number.MAX_SAFE_INTEGER : 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
    },
    server: { host: '127.0.0.1' },
  };
});
