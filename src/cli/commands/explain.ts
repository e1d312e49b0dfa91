// dachs explain: a cell, a scenario, a finding of a saved audit, a finding type, a remedy.

import {
  type Answer,
  DEFAULT_MACHINE,
  EXIT,
  explainCellAnswer,
  explainFindingsAnswer,
  explainRemedyAnswer,
  explainScenarioAnswer,
  explainTypeAnswer,
  type Form,
} from '../../answer/index.ts';
import { type Finding, findingTypes } from '../../audit/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { findingsFromFile } from '../../host/index.ts';
import { type Machine, machineById, machines } from '../../hw/index.ts';
import { remedies, scenarioByName, scenarios } from '../../scenario/index.ts';
import { usualKernel } from '../../verdict/index.ts';
import { parseBound } from '../bound.ts';
import { nearest } from '../nearest.ts';
import { remedyNamed, selectKernels, unknown } from '../selection.ts';
import { isTest } from '../tests.ts';
import { unused } from '../unused.ts';

/** Options of `dachs explain` as they were typed; `audit` is the path of a saved audit. */
export interface ExplainOptions {
  readonly kernel?: string;
  readonly machine?: string;
  readonly remedy?: string;
  readonly replay?: string;
  readonly audit?: string;
  readonly bound?: string;
  readonly json?: boolean;
  /** Where the answer goes; colours are for a terminal. */
  readonly output?: string;
}

/** Explains whatever `subject` names; options that mean nothing for it are refused. */
export async function explainCommand(
  subject: string,
  options: ExplainOptions,
): Promise<Result<Answer>> {
  const test = scenarioByName(subject) === undefined && options.audit === undefined;
  if (test && subject !== '' && isTest(subject)) {
    const { explainTest } = await import('./explain-test.ts');
    return explainTest(subject, options);
  }
  return explainName(subject, options);
}

function explainName(subject: string, options: ExplainOptions): Result<Answer> {
  if (subject === '') return fail({ what: 'nothing is named', hint: 'dachs explain --help' });
  const refuse = (names: readonly (keyof ExplainOptions)[], what: string) =>
    unused(options, names, what);
  if (scenarioByName(subject)) {
    return refuse(['kernel', 'audit'], 'a scenario') ?? explainScenario(subject, options);
  }
  const ofScenarios = ['machine', 'remedy', 'replay'] as const;
  if (options.audit !== undefined) {
    const idle = refuse([...ofScenarios, 'kernel'], 'a finding');
    return idle ?? explainFinding(subject, options.audit, options);
  }
  const [id = '', kernel] = subject.split('@');
  const machine = machineById(id);
  if (machine) {
    const given = kernel === undefined ? ofScenarios : ([...ofScenarios, 'kernel'] as const);
    const idle = refuse(given, `a cell (${subject})`);
    return idle ?? explainCell(machine, kernel ?? options.kernel ?? usualKernel, options);
  }
  return refuse([...ofScenarios, 'kernel', 'bound'], `${subject}`) ?? explainWord(subject, options);
}

/** A type of finding, or a remedy. */
function explainWord(subject: string, options: ExplainOptions): Result<Answer> {
  const type = findingTypes.find((t) => t.type === subject.toUpperCase());
  if (type) return ok(explainTypeAnswer(type, { form: formOf(options) }));
  const remedy = remedies.find((r) => r.name === subject.toLowerCase());
  if (remedy) return ok(explainRemedyAnswer(remedy, { form: formOf(options) }));
  return nothingCalled(subject);
}

function nothingCalled(subject: string): Result<Answer> {
  const known = [
    ...scenarios.map((s) => s.name),
    ...machines.map((m) => m.id),
    ...findingTypes.map((t) => t.type),
    ...remedies.map((r) => r.name),
  ];
  const near = nearest(subject.split('@')[0] ?? subject, known);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return fail({
    what: `nothing is called ${subject}`,
    hint:
      `${guess}a scenario (L1), a cell (turbosparc@6.12), a finding type (FALSE_DENIAL), ` +
      'a remedy, a litmus test, or file:line with --audit FILE.json; see dachs list',
  });
}

function explainCell(machine: Machine, typed: string, options: ExplainOptions): Result<Answer> {
  const bounds = parseBound(options.bound);
  if (!bounds.ok) return bounds;
  const kernels = selectKernels(typed);
  if (!kernels.ok) return kernels;
  const asked = { bounds: bounds.value, form: formOf(options) };
  return ok(explainCellAnswer(machine, kernels.value, asked));
}

function explainScenario(name: string, options: ExplainOptions): Result<Answer> {
  const bounds = parseBound(options.bound);
  if (!bounds.ok) return bounds;
  const id = options.machine ?? DEFAULT_MACHINE;
  const machine = machineById(id);
  if (!machine)
    return unknown(
      'machine',
      id,
      machines.map((m) => m.id),
    );
  const remedy = remedyNamed(options.remedy ?? 'none');
  if (!remedy.ok) return remedy;
  const program = scenarioByName(name);
  if (!program) return nothingCalled(name);
  return explainScenarioAnswer(program, machine, {
    bounds: bounds.value,
    form: formOf(options),
    remedy: remedy.value,
    replay: options.replay,
  });
}

// `fs/Kconfig:50`, or from any folder down: `Kconfig:50`.
function isPlace({ file, line }: Finding['place'], typed: string): boolean {
  return `/${file}:${line}`.endsWith(`/${typed}`);
}

/** Findings of a saved audit by type or place, each with the witness of its first machine. */
function explainFinding(subject: string, file: string, options: ExplainOptions): Result<Answer> {
  const read = findingsFromFile(file);
  if (!read.ok) return read;
  const chosen = read.value.filter(
    (f) => f.type === subject.toUpperCase() || isPlace(f.place, subject),
  );
  const known = findingTypes.some((t) => t.type === subject.toUpperCase());
  if (chosen.length === 0 && known && !options.json) {
    const text = `the audit has no finding of type ${subject.toUpperCase()}\n`;
    return ok({ text, exit: EXIT.nothingToCheck });
  }
  if (chosen.length === 0) {
    const places = read.value.map((f) => `${f.place.file}:${f.place.line} [${f.type}]`);
    return fail({
      what: `no finding of the audit is called ${subject}`,
      where: file,
      hint: `findings: ${places.slice(0, 5).join(', ')}${places.length > 5 ? ', ...' : ''}`,
    });
  }
  return ok(explainFindingsAnswer(chosen, { form: formOf(options) }));
}

function formOf({ json }: ExplainOptions): Form {
  return json ? 'json' : 'text';
}
