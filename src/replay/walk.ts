// One scenario for a reader who goes through it step by step: what `replayScenario` says of each
// step, and beside it all answers of the model and what the machine then looked like.

import { type AliasClass, aliasClass, colours, type Machine, setCount } from '../hw/index.ts';
import type { ForcedGate } from '../kernel/index.ts';
import { type Outcome, type OutcomeValue, fromRunLength } from '../user/index.ts';
import {
  type Moment,
  type ReplayOptions,
  type ScenarioResult,
  type StepResult,
  replayScenario,
} from './replay.ts';
import type { RecordedScenario } from './scenario.ts';
import { type LineSight, type StateSight, lineSight, stateSight, touchedLine } from './sight.ts';

/** One step as a reader sees it. */
export interface WalkStep {
  readonly result: StepResult;
  /** All that the model answered; absent where it performed nothing. */
  readonly outcome?: Outcome;
  /** What the step showed to have been there before the scenario. */
  readonly given: readonly string[];
  /** What printk() wrote in this step. */
  readonly log: readonly string[];
  /** After the step; absent beyond LOOKED_AT steps. */
  readonly state?: StateSight;
  /** Offset in `data` of the first byte that is another than the recorded one. */
  readonly differsAt?: number;
  /** The line that this step, or the next one that differs, is about: as it is after the step. */
  readonly line?: LineSight;
}

/** What the scenario ran on. */
export interface WalkBed {
  readonly machine: string;
  readonly name: string;
  readonly pageBytes: number;
  readonly release: string;
  readonly gate: ForcedGate;
  /** The predicate as this kernel computes it here; false where the gate is held open. */
  readonly cpu_dcache_is_aliasing: boolean;
  readonly FS_DAX: boolean;
  /** Absent on machines without a data cache. */
  readonly dcache?: {
    readonly class: AliasClass;
    readonly sets: number;
    readonly ways: number;
    readonly lineBytes: number;
    readonly colours: number;
  };
}

/** A scenario that was walked through. */
export interface ScenarioWalk {
  readonly result: ScenarioResult;
  /** Absent where nothing ran. */
  readonly bed?: WalkBed;
  readonly steps: readonly WalkStep[];
}

/** Steps of a scenario that are looked at; of those after them only the result is told. */
export const LOOKED_AT = 2000;

/**
 * Replays the scenario twice, which comes to the same: which line is worth a look before a step
 * goes wrong is known once it went wrong.
 */
export function walkScenario(scenario: RecordedScenario, options: ReplayOptions): ScenarioWalk {
  const lines: StepLine[] = [];
  replayScenario(scenario, options, (moment) => lines.push(lineOf(moment)));
  const focus = focusOf(lines);
  const steps: WalkStep[] = [];
  let bed: WalkBed | undefined;
  let logged: { readonly of?: object; readonly lines: number } = { lines: 0 };
  const result = replayScenario(scenario, options, (moment) => {
    const { user, outcome } = moment;
    const { dmesg } = user.linux;
    bed ??= bedOf(moment);
    const log = dmesg.slice(logged.of === dmesg ? logged.lines : 0);
    logged = { of: dmesg, lines: dmesg.length };
    const isLookedAt = steps.length < LOOKED_AT;
    const paddr = isLookedAt ? focus[steps.length] : undefined;
    const line = paddr === undefined ? undefined : lineSight(user, paddr);
    const at = differsAt(moment.result);
    steps.push({
      result: moment.result,
      ...(outcome === undefined ? {} : { outcome }),
      given: moment.given,
      log,
      ...(at === undefined ? {} : { differsAt: at }),
      ...(isLookedAt ? { state: stateSight(user) } : {}),
      ...(line === undefined ? {} : { line }),
    });
  });
  return { result, ...(bed === undefined ? {} : { bed }), steps };
}

/** A line that a step is about: behind what it answers wrongly, or only touched by it. */
interface StepLine {
  readonly behind?: number;
  readonly touched?: number;
}

function lineOf({ user, step, result }: Moment): StepLine {
  const touched = touchedLine(user, step);
  const own = touched === undefined ? {} : { touched };
  const first = result.kind === 'differs' ? result.copies[0]?.paddr : undefined;
  if (first === undefined) return own;
  const at = differsAt(result);
  if (at === undefined) return { ...own, behind: first };
  const { pageBytes, dcache } = user.linux.machine.machine;
  const offset = typeof step.args['offset'] === 'number' ? step.args['offset'] : 0;
  const byte = first - (first % pageBytes) + (offset % pageBytes) + at;
  const line = byte - (byte % (dcache?.lineBytes ?? 1));
  const sight = lineSight(user, line);
  const isOdd = sight?.copies.some(({ bytes }) => bytes !== sight.memory) === true;
  return { ...own, behind: isOdd ? line : first };
}

function differsAt(result: StepResult): number | undefined {
  if (result.kind !== 'differs') return undefined;
  const data = result.differences.find(({ key }) => key === 'data');
  const recorded = bytesOf(data?.recorded);
  const model = bytesOf(data?.model);
  const at = recorded.findIndex((byte, place) => byte !== model[place]);
  return at < 0 ? undefined : at;
}

function bytesOf(value: OutcomeValue | undefined): Uint8Array {
  return (typeof value === 'string' ? fromRunLength(value) : undefined) ?? new Uint8Array(0);
}

/**
 * The line to look at after each step: that of the next wrong answer, after the last one still
 * that; where no answer is wrong for a line's sake, the line that was touched last.
 */
function focusOf(lines: readonly StepLine[]): readonly (number | undefined)[] {
  const isWrong = lines.some(({ behind }) => behind !== undefined);
  const wanted = lines.map(({ behind, touched }) => (isWrong ? behind : touched));
  let last: number | undefined;
  const before = wanted.map((line) => (last = line ?? last));
  if (!isWrong) return before;
  return wanted.map((_, index) => wanted.slice(index).find((line) => line !== undefined) ?? last);
}

function bedOf({ user: { setup } }: Moment): WalkBed {
  const { machine, release, gate, cpu_dcache_is_aliasing, config } = setup;
  const dcache = dcacheOf(machine);
  return {
    machine: machine.id,
    name: machine.name,
    pageBytes: machine.pageBytes,
    release,
    gate,
    cpu_dcache_is_aliasing,
    FS_DAX: config.FS_DAX,
    ...(dcache === undefined ? {} : { dcache }),
  };
}

function dcacheOf({ dcache, pageBytes }: Machine): WalkBed['dcache'] {
  if (dcache === undefined) return undefined;
  return {
    class: aliasClass(dcache, pageBytes),
    sets: setCount(dcache),
    ways: dcache.ways,
    lineBytes: dcache.lineBytes,
    colours: colours(dcache, pageBytes),
  };
}
