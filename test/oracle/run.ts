// Every schedule of a program on the concrete cache: each step of each thread and each eviction
// and fill, in every order, and the outcomes that are left when all dirty lines are written back.

import type { Dcache } from '../../src/hw/index.ts';
import type { MaintenanceStep, Program, Step } from '../../src/litmus/index.ts';
import type { Persistence, RemedyName } from '../../src/scenario/index.ts';
import {
  type Bench,
  evict,
  fills,
  foundElsewhere,
  hitIn,
  lineBytes,
  type Place,
  placeOf,
  replace,
  spontaneous,
  type State,
  writeBack,
} from './cache.ts';
import { setUp } from './setup.ts';

/** Every outcome of a program: each register it loads and each byte of its lines, at the end. */
export function outcomes(
  program: Program,
  on: { readonly dcache?: Dcache; readonly pageBytes: number },
  choice: { remedy: RemedyName; persistence?: Persistence },
): ReadonlySet<string> {
  const bench = setUp(program, on, choice);
  const initial: State = {
    memory: program.lines.flatMap((line) => padded(line.cells, lineBytes(on.dcache))),
    cache: [],
    mapped: program.mappings
      .filter((m) => !m.mappedLater && (choice.remedy !== 'flush-complete' || m.side === 'user'))
      .map((m) => m.name),
    next: bench.threads.map(() => 0),
    registers: Object.fromEntries(bench.threads.flatMap(registersOf).map((name) => [name, 0])),
  };
  const found = new Set<string>();
  const seen = new Set([keyOf(initial)]);
  const open = [initial];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (bench.threads.every(({ steps }, t) => state?.next[t] === steps.length)) {
      for (const memory of settled(state)) found.add(outcomeText(program, bench, state, memory));
    }
    for (const memory of stuck(bench, state) ? settled(state) : []) {
      const text = `${outcomeText(program, bench, state, memory)} deadlock=1`;
      found.add(text.split(' ').sort().join(' '));
    }
    for (const after of successors(bench, state)) {
      if (seen.has(keyOf(after))) continue;
      seen.add(keyOf(after));
      open.push(after);
    }
  }
  return found;
}

/** Whether no thread can ever go on, where one waits for a mapping of another. */
function stuck(bench: Bench, state: State): boolean {
  const steps = bench.threads.map((t, i) => t.steps[state.next[i] ?? 0]);
  const waiting = steps.filter((step) => step !== undefined);
  if (waiting.length === 0) return false;
  return bench.threads.every(({ name }, i) => {
    const step = steps[i];
    if (!step) return true;
    return step.kind !== 'crash' && effects(bench, state, name, step).length === 0;
  });
}

function registersOf({ name, steps }: Bench['threads'][number]): readonly string[] {
  return steps.flatMap((step) => (step.kind === 'load' ? [`${name}:${step.register}`] : []));
}

function successors(bench: Bench, state: State): readonly State[] {
  const ofThreads = bench.threads.flatMap(({ name, steps }, t) => {
    const step = steps[state.next[t] ?? 0];
    if (!step) return [];
    const ended = bench.threads.map((thread) => thread.steps.length);
    const next = state.next.map((n, i) => (i === t ? n + 1 : n));
    if (step.kind === 'crash') return [{ ...state, cache: [], next: ended }];
    return effects(bench, state, name, step).map((after) => ({ ...after, next }));
  });
  return [...ofThreads, ...spontaneous(bench, state)];
}

function effects(bench: Bench, state: State, thread: string, step: Step): readonly State[] {
  switch (step.kind) {
    case 'load':
      return throughCache(bench, state, step, true).map(({ after, place }) => {
        const line = place && hitIn(after, place);
        const offset = (bench.offsets.get(step.line) ?? 0) + step.cell;
        const value = (line ? line.bytes[step.cell] : after.memory[offset]) ?? 0;
        const registers = { ...after.registers, [`${thread}:${step.register}`]: value };
        return { ...after, registers };
      });
    case 'store':
      return throughCache(bench, state, step, bench.dcache?.allocateOnWrite ?? false).map(
        ({ after, place }) => stored(bench, after, place, step),
      );
    case 'flush':
    case 'clean':
    case 'invalidate':
      return [maintained(bench, state, step)];
    case 'map':
      return [{ ...state, mapped: [...new Set([...state.mapped, step.mapping])].sort() }];
    case 'unmap':
      return [{ ...state, mapped: state.mapped.filter((m) => m !== step.mapping) }];
    default:
      return [state];
  }
}

/** The states in which an access finds its line; without a place where it bypasses the cache. */
function throughCache(
  bench: Bench,
  state: State,
  at: { readonly mapping: string; readonly line: string },
  allocates: boolean,
): readonly { after: State; place?: Place }[] {
  if (!state.mapped.includes(at.mapping)) return [];
  const { dcache } = bench;
  const place = cachedPlace(bench, at);
  if (!dcache || !place) return [{ after: state }];
  if (hitIn(state, place)) return [{ after: state, place }];
  if (!allocates && !foundElsewhere(dcache, state, place)) return [{ after: state, place }];
  return fills(dcache, state, place).map((after) => ({ after, place }));
}

function cachedPlace(bench: Bench, at: { readonly mapping: string; readonly line: string }) {
  const alias = bench.aliases.get(at.mapping);
  if (!bench.dcache || !alias?.cached) return undefined;
  return placeOf(bench.dcache, alias, bench.offsets.get(at.line) ?? 0);
}

function stored(
  bench: Bench,
  state: State,
  place: Place | undefined,
  step: Extract<Step, { kind: 'store' }>,
): State {
  const { value } = step;
  if (typeof value !== 'number') throw new RangeError('only numbers are stored here');
  const line = place && hitIn(state, place);
  const back = bench.dcache?.write === 'back';
  const memory = [...state.memory];
  memory[(bench.offsets.get(step.line) ?? 0) + step.cell] = value;
  if (!line) return { ...state, memory };
  const bytes = line.bytes.map((byte, i) => (i === step.cell ? value : byte));
  return replace(back ? state : { ...state, memory }, { ...line, bytes, dirty: back });
}

function maintained(bench: Bench, state: State, step: MaintenanceStep): State {
  const { dcache } = bench;
  const place = cachedPlace(bench, step);
  if (!place) return state;
  const line = hitIn(state, place) ?? (dcache && foundElsewhere(dcache, state, place));
  if (!line) return state;
  if (step.kind === 'invalidate') return evict(state, { ...line, dirty: false });
  if (step.kind === 'flush') return evict(state, line);
  return line.dirty ? writeBack(state, line) : state;
}

function padded(cells: readonly number[], length: number): readonly number[] {
  return Array.from({ length }, (_, i) => cells[i] ?? 0);
}

/** Memory after all dirty lines were written back, in every order. */
function settled(state: State): readonly (readonly number[])[] {
  const dirty = state.cache.filter((r) => r.dirty);
  if (dirty.length === 0) return [state.memory];
  return dirty.flatMap((line) => settled(evict(state, line)));
}

function outcomeText(program: Program, bench: Bench, state: State, memory: readonly number[]) {
  const registers = Object.entries(state.registers).map(([name, value]) => `${name}=${value}`);
  const cells = program.lines.flatMap(({ name, cells: all }) =>
    all.map((_, i) => `${name}[${i}]=${memory[(bench.offsets.get(name) ?? 0) + i]}`),
  );
  return [...registers, ...cells].sort().join(' ');
}

function keyOf({ memory, cache, mapped, next, registers }: State): string {
  const lines = cache.map((r) => `${r.set}/${r.tag}/${r.dirty}/${r.bytes.join('')}`).sort();
  const values = Object.entries(registers)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  return [memory.join(''), lines.join(), mapped.join(), next.join(), values.join()].join(';');
}
