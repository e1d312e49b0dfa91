// dachs export: a litmus test on one machine as a model for another checker.

import { at, fail, ok, type Result } from '../../base/index.ts';
import { promelaOf } from '../../export/index.ts';
import { formatSource } from '../../base/index.ts';
import { questionHerd } from '../../report/index.ts';
import { compileScenario } from '../../scenario/index.ts';
import { optionsOf } from '../../verdict/index.ts';
import { selectBeds } from '../beds.ts';
import { EXIT } from '../output.ts';
import { remedyNamed } from '../selection.ts';
import { selectTests } from '../tests.ts';
import type { Answer } from './answer.ts';
import { judged, settingsOf } from './run.ts';

/** Options of `dachs export` as they were typed. */
export interface ExportOptions {
  readonly machine?: string;
  readonly kernel?: string;
  readonly remedy?: string;
}

/** The machine that a test is written out for where none is named: VIPT, two colours. */
const DEFAULT_MACHINE = 'arm1176-32k';

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
  const settings = settingsOf(selected, beds.value, options.kernel, remedy.value);
  if (!settings.ok) return settings;
  const setting = at(settings.value, 0);
  const compiled = optionsOf(judged(selected), setting);
  if ('why' in compiled) {
    return fail({ what: `the test cannot be run there: ${compiled.why}`, hint: 'try --kernel' });
  }
  const { program } = selected.test;
  const { system, question } = compileScenario(program, compiled);
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
