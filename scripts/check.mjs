// npm run check: types, lint, format, imports, tidy, unit tests. No network, no kernel tree, under
// two minutes; what to run before each commit.

import { checks, finish, runSteps, runTests } from './lib/steps.mjs';

const failed = runSteps(checks);
process.exitCode = finish(failed, [runTests('unit')]);
