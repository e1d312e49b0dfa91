// npm run check: types, lint, format, imports, tidy, unit tests. No network, no kernel tree, under
// two minutes; what to run before each commit.

import { flags } from './lib/flags.mjs';
import { start } from './lib/run.mjs';
import { checks, finish, runSteps, runTests } from './lib/steps.mjs';

flags('npm run check  (types, lint, format, imports, tidy, unit tests; no network)', []);

await start(async () => finish(await runSteps(checks), [await runTests('unit')]));
