// Text of `dachs replay`: every step that differs, then one closing line.

import { at } from '../base/index.ts';
import {
  type Difference,
  type RecordedStep,
  type ScenarioResult,
  type StepResult,
  agrees,
} from '../replay/index.ts';

/** How much is told. */
export interface ReplayStyle {
  /** Names of scenarios and numbers of steps only. */
  readonly terse: boolean;
  /** Leftovers, steps that are not held, and scenarios that agree, too. */
  readonly verbose: boolean;
}

/** Sums over all scenarios. Steps count where a model is held to them. */
export interface ReplayTotals {
  readonly scenarios: number;
  readonly agreeing: number;
  readonly steps: number;
  readonly agreeingSteps: number;
}

/** The sums of the closing line. */
export function replayTotals(results: readonly ScenarioResult[]): ReplayTotals {
  const held = results.flatMap(({ steps }) => steps.filter(({ kind }) => kind !== 'not-held'));
  return {
    scenarios: results.length,
    agreeing: results.filter(agrees).length,
    steps: held.length,
    agreeingSteps: held.filter(({ kind }) => kind === 'agrees').length,
  };
}

/** All that is told, ending in `agree A of B scenarios, S of T steps`. */
export function replayText(results: readonly ScenarioResult[], style: ReplayStyle): string {
  const told = results.flatMap((result) => scenarioLines(result, style));
  const { scenarios, agreeing, steps, agreeingSteps } = replayTotals(results);
  const notes = [...new Set(results.flatMap(({ bed }) => (bed ? pageNote(bed.pageBytes) : [])))];
  const last = `agree ${agreeing} of ${scenarios} scenarios, ${agreeingSteps} of ${steps} steps`;
  return [...notes, ...told, last].map((line) => `${line}\n`).join('');
}

/** Offsets and block sizes of the recordings are those of pages of 4 KiB. */
const RECORDED_PAGE_BYTES = 4096;

function pageNote(pageBytes: number): readonly string[] {
  if (pageBytes === RECORDED_PAGE_BYTES) return [];
  return [
    `note: recorded with pages of ${RECORDED_PAGE_BYTES} bytes; here they have ${pageBytes}: ` +
      'blocks of 4096 bytes',
    '  are then too small for DAX, and offsets that are no multiple of a page are refused',
  ];
}

function scenarioLines(result: ScenarioResult, style: ReplayStyle): readonly string[] {
  const odd = result.steps.filter(({ kind }) => kind === 'differs' || kind === 'not-checked');
  if (odd.length === 0 && !style.verbose) return [];
  const { id } = result.scenario;
  const bed = result.bed
    ? `${result.bed.release} on ${result.bed.machine}`
    : `${result.scenario.kernel} on ${result.scenario.arch}`;
  const what = odd.length === 0 ? 'agrees' : `${odd.length} of ${result.steps.length} steps differ`;
  const head = `${id} (${bed}): ${what}`;
  if (style.terse) return [head];
  const notes = style.verbose ? result.leftovers.map((note) => `  taken as given: ${note}`) : [];
  const told = style.verbose ? result.steps.filter(({ kind }) => kind !== 'agrees') : odd;
  return [head, ...notes, ...told.flatMap((step) => stepLines(result, step))];
}

function stepLines({ scenario }: ScenarioResult, step: StepResult): readonly string[] {
  const recorded = at(scenario.steps, step.index);
  const head = `  step ${step.index + 1}: ${operationText(recorded)}`;
  switch (step.kind) {
    case 'agrees':
      return [head];
    case 'not-held':
    case 'not-checked':
      return [head, `    ${step.kind === 'not-held' ? 'not held' : 'not checked'}: ${step.why}`];
    case 'differs':
      return [
        head,
        `    recorded  ${sideText(step.differences, 'recorded')}`,
        `    model     ${sideText(step.differences, 'model')}`,
        ...step.copies.map(
          ({ paddr, vaddr, colour, dirty }) =>
            `    line ${hex(paddr)} cached via ${hex(vaddr)}, colour ${colour}, ` +
            `${dirty ? 'dirty' : 'clean'}`,
        ),
      ];
  }
}

/** An operation with its arguments in their order: `pread fd=f offset=0 length=16`. */
export function operationText({ op, args }: RecordedStep): string {
  const words = Object.entries(args).map(([name, value]) => `${name}=${valueText(value)}`);
  return [op, ...words].join(' ');
}

function sideText(differences: readonly Difference[], side: 'recorded' | 'model'): string {
  return differences.map((one) => `${one.key}=${valueText(one[side])}`).join(' ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return `'${value.map(String).join(' ')}'`;
  if (value === undefined) return '(none)';
  const plain = typeof value === 'string' ? value : JSON.stringify(value);
  const text = plain.replaceAll('\n', String.raw`\n`);
  return /\s/.test(text) ? `'${text}'` : text;
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
