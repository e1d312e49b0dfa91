// A program's accesses and maintenance on concrete caches, one indivisible step each.

import type { Dcache } from '../../src/hw/index.ts';
import type { Access, MaintenanceStep, Program, Step } from '../../src/litmus/index.ts';
import {
  type Alias,
  claimed,
  drop,
  evict,
  type Hardware,
  hitIn,
  type MemoryLine,
  type Place,
  placeOf,
  present,
  replace,
  type Side,
  type Storage,
  writeBack,
} from './cache.ts';

/** One program on one machine, with everything that does not change while it runs. */
export interface Bench {
  readonly program: Program;
  readonly hardware: Hardware;
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly lines: ReadonlyMap<string, MemoryLine>;
  readonly threads: readonly {
    readonly name: string;
    readonly cpu: number;
    readonly steps: readonly Step[];
  }[];
  /** Mappings in reach at the start, sorted. */
  readonly mapped: readonly string[];
  /** Mappings that instructions are fetched through. */
  readonly executable: ReadonlySet<string>;
  readonly answers: Readonly<Record<string, number>>;
}

/** Everything that changes while a program runs. */
export interface State extends Storage {
  readonly mapped: readonly string[];
  readonly locks: readonly string[];
  readonly crashed: boolean;
  /** The steps that each thread has before it. */
  readonly rest: readonly (readonly Step[])[];
  readonly registers: Readonly<Record<string, number>>;
}

type Target = Pick<Access, 'mapping' | 'line'>;

/** A load or fetch of one byte: each way it may go, with what it gives. */
export function read(
  bench: Bench,
  state: State,
  cpu: number,
  step: Access & { readonly kind: string },
): readonly { readonly state: State; readonly value: number }[] {
  const { icache } = bench.hardware;
  const side = step.kind === 'fetch' && icache === 'split' ? 'fetch' : 'data';
  const place = cachedPlace(bench, step, cpu, side);
  const unit = unitOf(bench.hardware, side);
  if (!unit || !place) {
    const number = bench.lines.get(step.line)?.number ?? 0;
    return [{ state, value: state.memory[number]?.[step.cell] ?? Number.NaN }];
  }
  if (step.kind === 'fetch' && icache === 'coherent') {
    const number = bench.lines.get(step.line)?.number ?? 0;
    const dirty = state.cache.find((r) => r.number === number && r.side === 'data' && r.dirty);
    const bytes = dirty?.bytes ?? state.memory[number];
    return [{ state, value: bytes?.[step.cell] ?? Number.NaN }];
  }
  // An exchange takes the line for itself before it reads.
  const to = step.kind === 'exchange' ? 'write' : 'read';
  return present(unit, state, place, to).map(({ state: after, line }) => ({
    state: after,
    value: line.bytes[step.cell] ?? Number.NaN,
  }));
}

/** A store of one byte: each way it may go. */
export function write(
  bench: Bench,
  state: State,
  cpu: number,
  step: Access & { readonly stored: number },
): readonly State[] {
  const { dcache } = bench.hardware;
  const place = cachedPlace(bench, step, cpu, 'data');
  const number = bench.lines.get(step.line)?.number ?? 0;
  const put = (bytes: readonly number[]): readonly number[] =>
    bytes.map((byte, i) => (i === step.cell ? step.stored : byte));
  const toMemory = (to: State): State => ({
    ...to,
    memory: to.memory.map((bytes, n) => (n === number ? put(bytes) : bytes)),
  });
  if (!dcache || !place) return [toMemory(state)];
  if (!dcache.allocateOnWrite && !hitIn(dcache, state, place)) {
    return [toMemory(claimed(dcache, state, place))];
  }
  return present(dcache, state, place, 'write').map(({ state: after, line }) => {
    const back = dcache.write === 'back';
    const changed = { ...line, bytes: put(line.bytes), dirty: back };
    return replace(back ? after : toMemory(after), changed);
  });
}

/** Maintenance by address: of the CPU that asks, or of all. */
export function maintained(bench: Bench, state: State, cpu: number, step: MaintenanceStep): State {
  const { hardware } = bench;
  const { cpus } = hardware;
  const side = step.kind === 'invalidate-icache' ? 'fetch' : 'data';
  const unit = unitOf(hardware, side);
  if (!unit) return state;
  return (step.local ? [cpu] : cpus).reduce((before, on) => {
    const place = cachedPlace(bench, step, on, side);
    const line = place && hitIn(unit, before, place);
    if (!line) return before;
    switch (step.kind) {
      case 'flush':
        return evict(before, line);
      case 'clean':
        return line.dirty ? writeBack(before, line) : before;
      case 'invalidate':
      case 'invalidate-icache':
        return drop(before, line);
    }
  }, state);
}

/** What hardware may fetch by itself: into each cache, any line of a page that it can reach. */
export function fills(bench: Bench, state: State): readonly State[] {
  const { hardware } = bench;
  const { icache, cpus } = hardware;
  const sides: readonly Side[] = icache === 'split' ? ['data', 'fetch'] : ['data'];
  const targets = state.mapped.flatMap((mapping) =>
    [...bench.lines]
      .filter(([, { page }]) => page === bench.aliases.get(mapping)?.page)
      .map(([line]) => ({ mapping, line })),
  );
  return targets.flatMap((target) =>
    cpus.flatMap((cpu) =>
      sides.flatMap((side) => {
        if (side === 'fetch' && !bench.executable.has(target.mapping)) return [];
        const place = cachedPlace(bench, target, cpu, side);
        const unit = unitOf(hardware, side);
        if (!unit || !place || hitAt(state, place)) return [];
        return present(unit, state, place, 'read').map((way) => way.state);
      }),
    ),
  );
}

function hitAt(state: State, { cpu, side, set, tag }: Place): boolean {
  return state.cache.some(
    (r) => r.cpu === cpu && r.side === side && r.set === set && r.tag === tag,
  );
}

/** Where the access looks; nowhere if it bypasses the cache. */
function cachedPlace(
  { hardware, aliases, lines }: Bench,
  { mapping, line: name }: Target,
  cpu: number,
  side: Side,
): Place | undefined {
  const alias = aliases.get(mapping);
  const line = lines.get(name);
  const unit = unitOf(hardware, side);
  if (!unit || !alias?.cached || !line) return undefined;
  return placeOf(unit, { alias, line, cpu, side });
}

function unitOf({ dcache, instructions }: Hardware, side: Side): Dcache | undefined {
  return side === 'data' ? dcache : instructions;
}
