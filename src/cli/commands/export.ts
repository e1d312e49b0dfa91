// dachs export: a litmus test on one machine as a model for another checker.

import {
  type Answer,
  DEFAULT_MACHINE,
  EXIT,
  judged,
  oneSetting,
  settingsOf,
} from '../../answer/index.ts';
import { at, fail, formatSource, ok, type Result } from '../../base/index.ts';
import { promelaOf } from '../../export/index.ts';
import { questionHerd } from '../../report/index.ts';
import { compileTest, optionsOf } from '../../verdict/index.ts';
import { selectBeds } from '../beds.ts';
import { remedyNamed, selectKernels } from '../selection.ts';
import { selectTests } from '../tests.ts';

/** Options of `dachs export` as they were typed. */
export interface ExportOptions {
  readonly machine?: string;
  readonly kernel?: string;
  readonly remedy?: string;
}

/** The Promela model of one test on one machine. */
export function exportCommand(word: string, options: ExportOptions): Result<Answer> {
  const tests = selectTests([word]);
  if (!tests.ok) return tests;
  if (tests.value.length !== 1) {
    return fail({
      what: `${word} is ${tests.value.length} tests; a model is of one`,
      hint: 'name one of them: dachs list tests',
    });
  }
  const selected = at(tests.value, 0);
  const beds = selectBeds(options.machine ?? DEFAULT_MACHINE, undefined);
  if (!beds.ok) return beds;
  const remedy = options.remedy === undefined ? ok(undefined) : remedyNamed(options.remedy);
  if (!remedy.ok) return remedy;
  const settings = settingsOf(selected, {
    beds: beds.value,
    kernels: selectKernels,
    kernel: options.kernel,
    remedy: remedy.value,
  });
  if (!settings.ok) return settings;
  const one = oneSetting(selected, settings.value, options);
  if (!one.ok) return one;
  const setting = one.value;
  const compiled = optionsOf(judged(selected), setting);
  if ('why' in compiled) {
    return fail({ what: `the test cannot be run there: ${compiled.why}`, hint: 'try --kernel' });
  }
  const { program } = selected.test;
  const scenario = compileTest(program, compiled);
  if (!scenario.ok) return scenario;
  const { system, question } = scenario.value;
  const kernel = setting.kernel ? ` under ${setting.kernel.id}` : '';
  const text = promelaOf(system, question, {
    name: program.name,
    comment: [
      `${questionHerd(program.question)} on ${setting.bed.id}${kernel}, remedy ${setting.remedy}`,
      ...program.sources.map(formatSource),
    ],
  });
  return ok({ text, exit: EXIT.asExpected });
}
