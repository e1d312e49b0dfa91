// For `npm run web`, the page while it is being worked on; scripts/build.mjs builds it.

import { defineConfig } from 'vite';
import { pageConfig } from './scripts/lib/page.mjs';

export default defineConfig(({ command }) =>
  pageConfig({ single: false, isBuild: command === 'build' }),
);
