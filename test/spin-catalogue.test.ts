// The outside judge on the catalogue: SPIN finds the same number of states and transitions, the
// same set of end states and the same verdict for every distinct system of every test. Opt-in:
// DACHS_SPIN=1, with spin and gcc installed.

import { expect, test } from 'vitest';
import { catalogueFiles, parsed, systemsOf } from './catalogue-systems.ts';
import { compareWithSpin, whyNotSpin } from './spin/ask.ts';
import type { Asked } from './spin/model.ts';

const missing = whyNotSpin();
if (missing !== undefined) process.stderr.write(`SPIN is not asked: ${missing}\n`);

/** A minute alone; a machine with other work takes longer, and that is no failure. */
const timeout = 600_000;

test.skipIf(missing !== undefined)(
  'SPIN finds what we find: every catalogue test',
  { timeout },
  async () => {
    const asked = catalogueFiles()
      .flatMap((file) => systemsOf(file.shelf, parsed(file)))
      .map(({ name, scenario: { system, question } }): Asked => ({ name, system, question }));
    expect(asked.length).toBeGreaterThan(1000);
    expect(await compareWithSpin(asked)).toEqual({ same: asked.length, cut: [], different: [] });
  },
);
