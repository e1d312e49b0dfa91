// The answers of `dachs explain` beside those on tests: a cell, a scenario, findings, a type of
// finding, a remedy.

import type { Finding, FindingTypeInfo } from '../audit/index.ts';
import { findingTypes } from '../audit/index.ts';
import { ok, type Result } from '../base/index.ts';
import type { Bounds } from '../explore/index.ts';
import { type Machine, machineById } from '../hw/index.ts';
import { durabilityOf, type Kernel } from '../kernel/index.ts';
import type { Program } from '../litmus/index.ts';
import { cellOf, truthTeller } from '../matrix/index.ts';
import {
  type CellExplanation,
  cellExplanationText,
  explainCellRecord,
  explainScenarioRecord,
  findingsRecord,
  findingText,
  findingTypeText,
  remedyList,
  type ScenarioContext,
  scenarioText,
} from '../report/index.ts';
import {
  cacheModelOf,
  compileScenario,
  type RemedyInfo,
  type RemedyName,
  type Scenario,
  scenarioByName,
} from '../scenario/index.ts';
import {
  judgeScenario,
  remediesThatHelp,
  replayScenario,
  type ScenarioVerdict,
} from '../verdict/index.ts';
import { type Answer, EXIT, type Form, written } from './answer.ts';

/** How far a search may go, and how its answer is written. */
export interface Asking {
  readonly bounds?: Bounds | undefined;
  readonly form?: Form | undefined;
}

/** Cells of one machine as they are told, and what from. */
export interface CellAnswer extends Answer {
  readonly cells: readonly CellExplanation[];
}

/** A machine under kernels: what is built, believed and true. */
export function explainCellAnswer(
  machine: Machine,
  kernels: readonly Kernel[],
  { bounds, form = 'text' }: Asking = {},
): CellAnswer {
  const truth = truthTeller(bounds)(machine);
  const cells = kernels.map((kernel) => {
    const cell = cellOf(machine, kernel, truth);
    const prevents = truth.shortest ? helpful(truth.shortest.scenario, machine) : [];
    return { machine, cell, truth, prevents };
  });
  return {
    text: written(form, {
      record: () => explainCellRecord(cells),
      text: () => cells.map(cellExplanationText).join('\n'),
    }),
    exit: truth.coherent === undefined ? EXIT.bound : EXIT.asExpected,
    cells,
  };
}

/** A scenario as it is told, what from, and the system that was searched. */
export interface ScenarioAnswer extends Answer {
  readonly verdict: ScenarioVerdict;
  readonly context: ScenarioContext;
  readonly scenario: Scenario;
}

/** A scenario on a machine; a Problem where `replay` names steps that cannot be taken. */
export function explainScenarioAnswer(
  program: Program,
  machine: Machine,
  asked: Asking & {
    readonly remedy?: RemedyName | undefined;
    /** Steps of a run to show in place of the shortest witness. */
    readonly replay?: string | undefined;
  } = {},
): Result<ScenarioAnswer> {
  const { bounds, form = 'text', remedy = 'none' } = asked;
  const settings = settingsOn(machine, remedy);
  const verdict = judgeScenario(program, settings, bounds);
  const replayed =
    asked.replay === undefined ? ok(undefined) : replayScenario(program, settings, asked.replay);
  if (!replayed.ok) return replayed;
  const prevents = verdict.stale ? helpful(program.name, machine) : [];
  const { persistence: durability } = settings;
  const context = { machine, durability, prevents, replay: replayed.value };
  return ok({
    text: written(form, {
      record: () => explainScenarioRecord(program, verdict, context),
      text: () => scenarioText(program, verdict, context),
    }),
    exit: verdict.bound === undefined ? EXIT.asExpected : EXIT.bound,
    verdict,
    context,
    scenario: compileScenario(program, settings),
  });
}

function settingsOn(machine: Machine, remedy: RemedyName) {
  return { model: cacheModelOf(machine), remedy, persistence: durabilityOf(machine) };
}

function helpful(scenario: string, machine: Machine): readonly string[] {
  const program = scenarioByName(scenario);
  const { remedy: _, ...settings } = settingsOn(machine, 'none');
  return program ? remediesThatHelp(program, settings) : [];
}

/** Findings of an audit, each with its type and the witness of its first machine. */
export function explainFindingsAnswer(
  findings: readonly Finding[],
  { form = 'text' }: Asking = {},
): Answer {
  const truthOf = truthTeller();
  const told = (finding: Finding): string => {
    const type = findingTypes.find((t) => t.type === finding.type);
    const machine = machineById(finding.machines?.[0] ?? '');
    const witness = machine ? truthOf(machine).shortest : undefined;
    const example = machine && witness ? scenarioExample(machine, witness.scenario) : '';
    return `${findingText(finding)}\n${type ? findingTypeText(type) : ''}${example}`;
  };
  return {
    text: written(form, {
      record: () => findingsRecord(findings),
      text: () => findings.map(told).join('\n'),
    }),
    exit: EXIT.asExpected,
  };
}

function scenarioExample(machine: Machine, name: string): string {
  const program = scenarioByName(name);
  if (!program) return '';
  const answer = explainScenarioAnswer(program, machine);
  return answer.ok ? `\n${answer.value.text}` : '';
}

/** A type of finding. */
export function explainTypeAnswer(type: FindingTypeInfo, { form = 'text' }: Asking = {}): Answer {
  const record = () => ({ schema: 'dachs/type', version: 1, ...type });
  const text = written(form, { record, text: () => findingTypeText(type) });
  return { text, exit: EXIT.asExpected };
}

/** A remedy. */
export function explainRemedyAnswer(remedy: RemedyInfo, { form = 'text' }: Asking = {}): Answer {
  const record = () => ({ schema: 'dachs/remedy', version: 1, ...remedy });
  const text = written(form, { record, text: () => remedyList([remedy]) });
  return { text, exit: EXIT.asExpected };
}
