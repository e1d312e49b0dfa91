// The driver of a search in WebAssembly: levels, bounds, growth, progress, and the answer.
//
// Each level is two phases: all its states are looked at (ends and question), then expanded. The
// table grows between two phases of expansion, when it is thirteen sixteenths full. The rows of an
// expanded level are given back where the table can tell them again (layout.ts); so a witness is
// found as soon as its level is, while the table is small. What a phase does is in hand.ts; the
// driver is a worker like the others, and alone where there is no crew. Everything that can be
// decided by one is decided here, between the phases.

import { assert, at, present } from '../../base/index.ts';
import { type Expr, type TransitionSystem, validate } from '../../ir/index.ts';
import { open } from '../explore.ts';
import {
  type Bounds,
  defaultBounds,
  type Exploration,
  type Outcome,
  type Path,
  type SearchOptions,
} from '../exploration.ts';
import { control, controlBytes, failure, phase } from './control.ts';
import { applicantsOf, awaitArrivals, beginPhase, type Crew, outcomeSets } from './crew.ts';
import { emit, mostPages, pageBytes, type Program } from './emit.ts';
import { compile, type Engine, instantiate, memoryOf } from './engine.ts';
import { type Operators, rightOperators } from './expressions.ts';
import { enterPhase, type Hand, handOf, leavePhase, madeSoFar, newChunk, turn } from './hand.ts';
import { smallerIndependent } from './independence.ts';
import { rowOf } from './rows.ts';
import { growTable, newTable, slotCount, usualSegmentLog } from './table.ts';
import { endsIn, type Level, shortestPath } from './witness.ts';

/** Sizes to start with; tests give small ones so that everything has to grow. */
export interface Tuning {
  /** Successors made before the first is looked up. */
  readonly batchSize: number;
  /** Slots of the first table, as a power of two. */
  readonly tableLog: number;
  readonly segmentLog: number;
  /** Rows of the largest chunk and of a claim. */
  readonly chunkRows: number;
  readonly claimRows: number;
  /** Which actions another path makes superfluous; a test leaves out none, or wrong ones. */
  readonly leftOut: (system: TransitionSystem) => readonly (readonly number[])[];
  /** What the IR's operators become. */
  readonly operators: Operators;
  readonly hashBits: number;
  /** Address of the first byte of the heap, at least: a test begins near the end of the memory. */
  readonly heapStart: number;
  /** Levels of fewer states are not worth waking the crew. */
  readonly crewStates: number;
}

/** What can be chosen about a search in WebAssembly. */
export interface WasmOptions extends SearchOptions {
  /** Workers that help; without one the search runs in this thread alone. */
  readonly crew?: Crew;
  readonly tuning?: Partial<Tuning>;
}

const usual: Tuning = {
  batchSize: 256,
  tableLog: 10,
  segmentLog: usualSegmentLog,
  chunkRows: 1 << 16,
  claimRows: 1 << 10,
  leftOut: smallerIndependent,
  operators: rightOperators,
  hashBits: 32,
  heapStart: 0,
  crewStates: 4096,
};

/** The whole search, with the same answer as `explore` but for `bytes`, and much sooner. */
export function exploreWasm(
  system: TransitionSystem,
  question: Expr,
  options: WasmOptions = {},
): Exploration {
  validate(system);
  const drive = openDrive(system, question, options);
  try {
    for (;;) {
      const cut = runLevel(drive);
      if (cut !== undefined) return report(drive, cut);
    }
  } finally {
    beginPhase(drive.hand.engine, phase.done, false);
  }
}

interface Drive {
  readonly system: TransitionSystem;
  readonly options: WasmOptions;
  readonly tuning: Tuning;
  readonly bounds: Bounds;
  readonly program: Program;
  readonly hand: Hand;
  readonly levels: Level[];
  witness: Path | undefined;
  isToldToStop: boolean;
  /** A phase was cut short because members of the crew have become ready. */
  isJoined: boolean;
  /** Starts the crew when a level is worth it, and then no more. */
  startCrew: (() => void) | undefined;
}

function openDrive(system: TransitionSystem, question: Expr, options: WasmOptions): Drive {
  const tuning = { ...usual, ...options.tuning };
  const bounds = options.bounds ?? defaultBounds;
  const { crew } = options;
  const program = emit(system, question, { ...tuning, isShared: crew !== undefined });
  const { entryBytes, batchSize, row } = program.plan;
  const { claimRows, chunkRows, segmentLog } = tuning;
  const givesBack = row.level.largest > 0;
  const chunk = { rowBytes: row.rowBytes, claimRows, chunkRows, givesBack };
  const sizes = { entryBytes, batchSize, segmentLog, ...chunk };
  const module = compile(program.bytes);
  const initialPages = program.initialPages + Math.floor(tuning.heapStart / pageBytes);
  const memory = memoryOf(initialPages, mostPages, crew !== undefined);
  const engine = instantiate(module, memory, crew !== undefined);
  new Uint8Array(memory.buffer).set(program.data, controlBytes);
  const page = engine.page();
  const allowed = Math.floor((bounds.memory ?? 2 ** 32) / pageBytes);
  page[control.heapTop] = Math.max(program.heapStart, tuning.heapStart);
  page[control.pages] = initialPages;
  // The first batch, table and chunk of every worker are always granted.
  page[control.mostPages] = mostPages;
  const hand = handOf(engine, 0, sizes);
  assert(hand !== undefined, 'memory to start with');
  const workers = (crew?.count ?? 0) + 1;
  let tableLog = tuning.tableLog;
  while (2 ** tableLog < 4 * workers * batchSize) tableLog += 1;
  assert(newTable(engine, tableLog, segmentLog), 'memory to start with');
  const drive: Drive = {
    system,
    options,
    tuning,
    bounds,
    program,
    hand,
    levels: [],
    witness: undefined,
    isToldToStop: false,
    isJoined: false,
    startCrew: crew && (() => crew.start({ module, memory, sizes })),
  };
  seed(drive);
  engine.page()[control.mostPages] = Math.max(
    at(engine.page(), control.pages),
    Math.min(allowed, mostPages),
  );
  return drive;
}

// The initial state enters the store by the way that all others take, from a batch of one.
function seed({ system, hand, program, levels }: Drive): void {
  const { engine, sizes } = hand;
  const { run } = engine;
  enterPhase(hand);
  assert(newChunk(hand), 'memory to start with');
  const words = rowOf(program.plan.row, open(system).initial);
  words.forEach((word, i) => run.poke(run.buffer.value + 4 * i, word));
  run.bufferEnd.value = run.buffer.value + sizes.entryBytes;
  run.hash();
  run.insert();
  engine.page()[control.states] = 1;
  leavePhase(hand);
  levels.push({ depth: 0, firstRange: 0, endRange: 1, states: 1, transitions: 0 });
}

// Looks at the last level and expands it; what ended the search, if anything did.
function runLevel(drive: Drive): Outcome | undefined {
  const { system, program, hand, levels, options } = drive;
  const { engine } = hand;
  const level = present(levels.at(-1), 'level');
  claimRanges(engine, level.firstRange, level.endRange);
  const looked = runPhase(drive, phase.look, level);
  if (looked === failure.memory) return memoryBound(drive);
  if (drive.witness === undefined && engine.page()[control.seen] === 1) {
    drive.witness = shortestPath(system, hand, program.plan.row, levels);
    if (drive.witness === undefined) return memoryBound(drive);
    if (options.stopAtWitness) return { bound: 'witness', limit: level.depth };
  }
  claimRanges(engine, level.firstRange, level.endRange);
  const cut = expandLevel(drive, level);
  if (cut) return cut;
  const states = statesSoFar(engine);
  const transitions = madeSoFar(engine.page());
  if (states === level.states) {
    levels[levels.length - 1] = { ...level, transitions };
    return 'complete';
  }
  levels.push({
    depth: level.depth + 1,
    firstRange: level.endRange,
    endRange: at(engine.page(), control.rangeCount),
    states,
    transitions,
  });
  return undefined;
}

// Expands until the level is done, doubling the table whenever it is full.
function expandLevel(drive: Drive, level: Level): Outcome | undefined {
  const { hand, bounds, program } = drive;
  const { engine } = hand;
  const { largest } = program.plan.row.level;
  const page = engine.page();
  page[control.level] = Math.min(level.depth + 1, largest);
  page[control.releaseNext] = level.firstRange;
  page[control.releaseEnd] = level.depth < largest ? level.endRange : 0;
  const most = Math.min(bounds.states, level.depth >= bounds.depth ? level.states : 2 ** 32) + 1;
  const split = (): boolean => runPhase(drive, phase.rehash, level) === failure.none;
  for (;;) {
    const full = tableLimit(drive);
    const limit = Math.min(full, most, 2 ** 32 - 1);
    Atomics.store(engine.page(), control.limit, limit);
    const failed = runPhase(drive, phase.expand, level);
    if (drive.isToldToStop) return { bound: 'interrupted', limit: level.depth };
    const states = statesSoFar(engine);
    if (states > level.states && level.depth >= bounds.depth) {
      return { bound: 'depth', limit: bounds.depth };
    }
    if (states > bounds.states) return { bound: 'states', limit: bounds.states };
    if (failed === failure.memory) return memoryBound(drive);
    // Whoever has applied meanwhile takes part in the rest of the level.
    const isJoined = drive.isJoined;
    drive.isJoined = false;
    if (states < full && !isJoined) return undefined;
    if (states < full) continue;
    if (!growTable(engine, hand.sizes.segmentLog, split)) return memoryBound(drive);
  }
}

// Each worker may add one batch after the limit was reached.
function tableLimit({ hand, program, options }: Drive): number {
  const slots = slotCount(hand.engine.page());
  const workers = (options.crew?.count ?? 0) + 1;
  return Math.floor((slots * 13) / 16) - workers * program.plan.batchSize;
}

function claimRanges(engine: Engine, from: number, to: number): void {
  const page = engine.page();
  page[control.claimRange] = from;
  page[control.claimEnd] = to;
  page[control.claimRow] = 0;
}

// One phase, from start to rendezvous. Why it could not be ended, if it could not.
function runPhase(drive: Drive, what: number, level: Level): number {
  const { hand, options, tuning } = drive;
  const { engine } = hand;
  const { crew, onProgress } = options;
  const isAlone = what !== phase.rehash && levelStates(drive, level) < tuning.crewStates;
  if (!isAlone) {
    drive.startCrew?.();
    drive.startCrew = undefined;
  }
  const participants = beginPhase(engine, what, isAlone);
  enterPhase(hand);
  while (turn(hand)) {
    crew?.idle?.();
    if (what !== phase.expand) continue;
    if (!isAlone && applicantsOf(engine) >= participants) {
      drive.isJoined = true;
      Atomics.store(engine.page(), control.limit, 0);
    }
    if (!onProgress) continue;
    const depth = level.depth;
    const bytes = at(engine.page(), control.pages) * pageBytes;
    if (onProgress({ states: statesSoFar(engine), depth, bytes }) !== 'stop') continue;
    drive.isToldToStop = true;
    Atomics.store(engine.page(), control.limit, 0);
  }
  leavePhase(hand);
  awaitArrivals(engine, participants, crew);
  const failed = at(engine.page(), control.failed);
  assert(failed !== failure.trap, 'every value fits its field and every index its table');
  return failed;
}

function levelStates({ levels }: Drive, level: Level): number {
  return level.states - (levels.at(-2)?.states ?? 0);
}

function statesSoFar(engine: Engine): number {
  return Atomics.load(engine.page(), control.states) >>> 0;
}

function memoryBound({ hand, bounds }: Drive): Outcome {
  const given = at(hand.engine.page(), control.mostPages) * pageBytes;
  return { bound: 'memory', limit: bounds.memory ?? given };
}

function report(drive: Drive, outcome: Outcome): Exploration {
  const { system, hand, program, levels, witness } = drive;
  const { engine } = hand;
  const { states, transitions, depth } = present(levels.at(-1), 'level');
  const common = {
    outcome,
    states,
    transitions,
    depth,
    ends: endsIn(outcomeSets(engine), engine, system, program.plan.row),
    bytes: at(engine.page(), control.pages) * pageBytes,
  };
  return witness ? { ...common, witness } : common;
}
