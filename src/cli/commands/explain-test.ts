// dachs explain TEST: one litmus test on one machine, with its shortest witness.

import { type Answer, explainTestAnswer } from '../../answer/index.ts';
import { at, fail, ok, type Result } from '../../base/index.ts';
import { selectBeds } from '../beds.ts';
import { typedBound } from '../bound.ts';
import { coloured, wantsColour } from '../colour.ts';
import { searcher } from '../searcher.ts';
import { remedyNamed, selectKernels } from '../selection.ts';
import { selectTests } from '../tests.ts';
import type { ExplainOptions } from './explain.ts';

/** Explains a test of the catalogue, a file, or `-`. */
export async function explainTest(word: string, options: ExplainOptions): Promise<Result<Answer>> {
  const bounds = typedBound(options.bound);
  if (!bounds.ok) return bounds;
  const tests = selectTests([word]);
  if (!tests.ok) return tests;
  if (tests.value.length !== 1) {
    return fail({
      what: `${word} is ${tests.value.length} tests; one is explained at a time`,
      hint: `dachs run ${word}; dachs list tests`,
    });
  }
  const selected = at(tests.value, 0);
  const remedy = options.remedy === undefined ? ok(undefined) : remedyNamed(options.remedy);
  if (!remedy.ok) return remedy;
  const { machine } = options;
  const beds = machine === undefined ? ok(undefined) : selectBeds(machine, undefined);
  if (!beds.ok) return beds;
  const search = searcher({ reduce: 'none' });
  if (!search.ok) return search;
  return explainTestAnswer(selected, {
    word,
    kernels: selectKernels,
    kernel: options.kernel,
    beds: beds.value,
    remedy: remedy.value,
    replay: options.replay,
    bounds: bounds.value,
    search: search.value,
    form: options.json ? 'json' : 'text',
    shown: wantsColour(options.output) ? await coloured(selected.text) : undefined,
  });
}
