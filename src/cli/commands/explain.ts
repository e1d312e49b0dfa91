// dachs explain: a cell, a scenario, a finding of a saved audit, a finding type, a remedy.

import { at, fail, ok, type Result } from '../../base/index.ts';
import { type Finding, findingTypes } from '../../audit/index.ts';
import { type Machine, machineById, machines } from '../../hw/index.ts';
import { findingsFromFile } from '../../host/index.ts';
import { cellOf, truthTeller } from '../../matrix/index.ts';
import {
  cellExplanationText,
  explainCellRecord,
  explainScenarioRecord,
  findingText,
  findingsRecord,
  findingTypeText,
  remedyList,
  scenarioText,
} from '../../report/index.ts';
import { cacheModelOf, remedies, scenarioByName, scenarios } from '../../scenario/index.ts';
import { judgeScenario, remediesThatHelp, replayScenario } from '../../verdict/index.ts';
import { durabilityOf } from '../../kernel/index.ts';
import { parseBound } from '../bound.ts';
import { nearest } from '../nearest.ts';
import { EXIT, jsonText } from '../output.ts';
import { remedyNamed, selectKernels, unknown } from '../selection.ts';
import { DEFAULT_MACHINE } from '../settings.ts';
import { isTest } from '../tests.ts';
import { unused } from '../unused.ts';
import type { Answer } from './answer.ts';

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
    return idle ?? explainCell(machine, kernel ?? options.kernel ?? '6.12', options);
  }
  return refuse([...ofScenarios, 'kernel', 'bound'], `${subject}`) ?? explainWord(subject, options);
}

/** A type of finding, or a remedy. */
function explainWord(subject: string, options: ExplainOptions): Result<Answer> {
  const type = findingTypes.find((t) => t.type === subject.toUpperCase());
  if (type) {
    const text = options.json ? jsonText({ schema: 'dachs/type', version: 1, ...type }) : '';
    return ok({ text: text || findingTypeText(type), exit: EXIT.asExpected });
  }
  const remedy = remedies.find((r) => r.name === subject.toLowerCase());
  if (remedy) {
    const text = options.json ? jsonText({ schema: 'dachs/remedy', version: 1, ...remedy }) : '';
    return ok({ text: text || remedyList([remedy]), exit: EXIT.asExpected });
  }
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
  const truth = truthTeller(bounds.value)(machine);
  const shown = kernels.value.map((kernel) => {
    const cell = cellOf(machine, kernel, truth);
    const prevents = truth.shortest ? helpful(truth.shortest.scenario, machine) : [];
    return { machine, cell, truth, prevents };
  });
  const text = options.json
    ? jsonText(explainCellRecord(shown))
    : shown.map(cellExplanationText).join('\n');
  return ok({ text, exit: truth.coherent === undefined ? EXIT.bound : EXIT.asExpected });
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
  const durability = durabilityOf(machine);
  const settings = {
    model: cacheModelOf(machine),
    remedy: remedy.value,
    persistence: durability,
  };
  const verdict = judgeScenario(program, settings, bounds.value);
  const replayed =
    options.replay === undefined
      ? ok(undefined)
      : replayScenario(program, settings, options.replay);
  if (!replayed.ok) return replayed;
  const prevents = verdict.stale ? helpful(program.name, machine) : [];
  const context = { machine, durability, prevents, replay: replayed.value };
  const text = options.json
    ? jsonText(explainScenarioRecord(program, verdict, context))
    : scenarioText(program, verdict, context);
  return ok({ text, exit: verdict.bound === undefined ? EXIT.asExpected : EXIT.bound });
}

function helpful(scenario: string, machine: Machine): readonly string[] {
  const program = scenarioByName(scenario);
  return program
    ? remediesThatHelp(program, {
        model: cacheModelOf(machine),
        persistence: durabilityOf(machine),
      })
    : [];
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
  if (options.json) return ok({ text: jsonText(findingsRecord(chosen)), exit: EXIT.asExpected });
  const truthOf = truthTeller();
  const parts = chosen.map((finding) => {
    const type = findingTypes.find((t) => t.type === finding.type);
    const machine = machineById(at(finding.machines ?? [''], 0) ?? '');
    const witness = machine ? truthOf(machine).shortest : undefined;
    const example = machine && witness ? scenarioExample(machine, witness.scenario) : '';
    return `${findingText(finding)}\n${type ? findingTypeText(type) : ''}${example}`;
  });
  return ok({ text: parts.join('\n'), exit: EXIT.asExpected });
}

function scenarioExample(machine: Machine, name: string): string {
  const program = scenarioByName(name);
  if (!program) return '';
  const durability = durabilityOf(machine);
  const verdict = judgeScenario(program, {
    model: cacheModelOf(machine),
    remedy: 'none',
    persistence: durability,
  });
  const prevents = helpful(name, machine);
  const context = { machine, durability, prevents, replay: undefined };
  return `\n${scenarioText(program, verdict, context)}`;
}
