// npm run pictures: takes the pictures of the page for docs/images, by the tests that try it in
// Chromium. Look at them, and say in the commit what changed.

import path from 'node:path';
import { flags } from './lib/flags.mjs';
import { run, start } from './lib/run.mjs';

flags('npm run pictures  (takes the pictures of the page anew; needs Chromium)', []);

await start(async () => {
  const vitest = path.resolve(import.meta.dirname, '../node_modules/.bin/vitest');
  process.env['DACHS_PICTURES'] = '1';
  await run(vitest, ['run', '--project', 'integration', 'test/web']);
  return 0;
});
