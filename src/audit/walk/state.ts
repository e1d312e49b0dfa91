// One point of one path: memory, what is known of symbols, what the objects of a protocol have gone
// through, and the steps that led here.

import type { Unit } from '../flow/index.ts';
import { ANYTHING, ERROR, type Fact, partsOf, UNKNOWN, type Value, ZERO } from './value.ts';

/** A place in a unit; a line and column once somebody asks. */
export interface At {
  readonly unit: Unit;
  readonly at: number;
}

/** How a call ended, as steps tell it. */
export type Result = 'ok' | 'NULL' | 'error' | `-${string}`;

/** What happened on a path, as far as anyone is told. */
export type Step =
  | {
      readonly kind: 'call';
      readonly function: string;
      readonly result: Result;
      /** The object concerned; null where NULL or an error pointer was passed. */
      readonly object: number | null | undefined;
      /** What was passed as the object, as written; where that is of interest. */
      readonly given?: string;
      readonly where: At;
    }
  | {
      readonly kind: 'question';
      readonly text: string;
      readonly answer: boolean;
      readonly where: At;
    }
  | {
      readonly kind: 'store';
      /** As written, e.g. `pmem->dax_dev`, and where its base is a variable: the type of that. */
      readonly field: string;
      readonly struct: string | undefined;
      readonly member: string | undefined;
      /** Type and path of the field, e.g. `struct table_device.dm_dev.dax_dev`. */
      readonly place: string | undefined;
      readonly object: number | null;
      readonly where: At;
    }
  | { readonly kind: 'flag'; readonly flag: string; readonly where: At }
  /** The function that is walked returns. */
  | { readonly kind: 'return'; readonly text: string; readonly where: At };

/** Steps as a list from the last to the first. */
export interface Trace {
  readonly step: Step | undefined;
  readonly before: Trace | undefined;
}

/** An object that a path has acquired. */
export interface Held {
  /** Index into the sites of the walk. */
  readonly site: number;
  readonly released: At | undefined;
  /** Release functions called so far, e.g. kill_dax. */
  readonly done: readonly string[];
  /** Registrations that were not undone: function and key. */
  readonly registered: readonly {
    readonly function: string;
    readonly key: string;
    readonly where: At;
  }[];
  /** Somebody else may release it: it was handed on, or is not known to be ours. */
  readonly escaped: boolean;
  /** Of an object that was not acquired here: type and member of what it was found in. */
  readonly place?: string | undefined;
}

/** A clean-up that the device runs when the driver is unbound, or its attach fails. */
export interface Deferred {
  readonly action: string;
  readonly data: Value;
  readonly where: At;
}

/** A failed acquisition on this path. */
export interface Failed {
  readonly site: number;
  readonly result: Result;
  /** Some other call failed later: an error that is returned may be due to that one. */
  readonly other: boolean;
  /** The object that a reference could not be taken of. */
  readonly of?: number | undefined;
}

/** A point of a path. Whoever changes it owns it; `fork` makes another. */
export class State {
  memory: Map<string, Value>;
  facts: Map<number, Fact>;
  objects: Map<number, Held>;
  config: Map<string, boolean>;
  /** Kinds of tests that a failed result went through, by acquisition: `NULL`, `ERR`. */
  tested: Map<number, string>;
  features: Map<string, At>;
  deferred: readonly Deferred[];
  failed: readonly Failed[];
  /** Memory that the device frees, and memory that this path allocated, by symbol. */
  owned: Map<number, 'device' | 'local' | 'freed'>;
  /** Functions that may keep or free memory of this path, by the symbol of the memory. */
  handed: Map<number, ReadonlySet<string>>;
  trace: Trace;

  constructor(trace: Trace, from?: State) {
    this.memory = new Map(from?.memory);
    this.facts = new Map(from?.facts);
    this.objects = new Map(from?.objects);
    this.config = new Map(from?.config);
    this.tested = new Map(from?.tested);
    this.features = new Map(from?.features);
    this.owned = new Map(from?.owned);
    this.handed = new Map(from?.handed);
    this.deferred = from?.deferred ?? [];
    this.failed = from?.failed ?? [];
    this.trace = trace;
  }

  fork(): State {
    return new State(this.trace, this);
  }

  fact(id: number): Fact {
    return this.facts.get(id) ?? UNKNOWN;
  }

  /** Parts of the number line that `value` may be in. */
  parts(value: Value): number {
    return partsOf(value, (id) => this.fact(id));
  }

  /** Keeps of `value` what lies in `may`; false where nothing is left. */
  narrow(value: Value, may: number): boolean {
    const left = this.parts(value) & may;
    if (left === 0) return false;
    if (value.kind === 'symbol') this.facts.set(value.id, { ...this.fact(value.id), may: left });
    return true;
  }

  /** The value, with symbols that turned out to be one thing replaced by it. */
  settled(value: Value): Value {
    if (value.kind !== 'symbol') return value;
    const fact = this.fact(value.id);
    if (fact.may === ZERO) return { kind: 'int', value: 0 };
    if (fact.may === ERROR && fact.errno !== undefined) return { kind: 'errno', name: fact.errno };
    return value;
  }

  /** Somebody else may release what `value` is: it is put where it is not followed. */
  letGo(value: Value): void {
    if ('from' in value && value.from !== undefined) {
      // Whether the failure is tested for will not be seen.
      this.failed = this.failed.filter(({ site }) => site !== value.from);
    }
    const held = value.kind === 'symbol' ? this.objects.get(value.id) : undefined;
    if (value.kind === 'symbol' && held !== undefined) {
      this.objects.set(value.id, { ...held, escaped: true });
    }
  }

  step(step: Step): void {
    this.trace = { step, before: this.trace };
  }

  /**
   * Text that is equal for states that go on alike; `isLive` says which locations of its own a
   * function may still read. Memory that nothing leads to is left out.
   */
  key(isLive: (location: string) => boolean): string {
    return new Keys(this).text(isLive);
  }

  /** Text that is equal for states whose objects, and the places they are kept in, are equal. */
  coarseKey(isLive: (location: string) => boolean): string {
    return new Keys(this).coarse(isLive);
  }
}

/** Locations above which a state forgets what nothing leads to. */
const CROWDED = 64;

/** The symbol that a location hangs on; -1 where it is a variable. */
function symbolOf(location: string): number {
  return location.startsWith('#') ? Number.parseInt(location.slice(1), 10) : -1;
}

/** Writes a state with its symbols numbered in the order in which memory leads to them. */
class Keys {
  readonly state: State;
  readonly names = new Map<number, number>();
  readonly lines: string[] = [];

  constructor(state: State) {
    this.state = state;
  }

  text(isLive: (location: string) => boolean): string {
    const roots: string[] = [];
    const fields = new Map<number, string[]>();
    const idle = this.idle();
    for (const location of this.state.memory.keys()) {
      if (idle.has(location)) continue;
      if (!location.startsWith('#')) {
        if (isLive(location)) roots.push(location);
        continue;
      }
      const id = symbolOf(location);
      const known = fields.get(id);
      if (known === undefined) fields.set(id, [location]);
      else known.push(location);
    }
    for (const location of roots.sort()) this.line(location, location);
    for (const [id, held] of this.state.objects) this.object(id, held);
    // Naming a symbol may lead to others, which then come behind it.
    for (const [id, number] of this.names) {
      const { may, errno, not } = this.state.fact(id);
      const handed = [...(this.state.handed.get(id) ?? [])].sort().join();
      const owned = (this.state.owned.get(id) ?? '') + handed;
      this.lines.push(`$${number}:${may}${errno ?? ''}${not?.join() ?? ''}${owned}`);
      for (const location of (fields.get(id) ?? []).sort()) {
        const tail = location.slice(String(id).length + 1);
        if (!tail.startsWith('@') || isLive(tail)) this.line(`$${number}${tail}`, location);
      }
    }
    if (this.state.memory.size > CROWDED) this.prune(fields);
    this.rest(isLive);
    return this.lines.join('\n');
  }

  /** Locations that hold something of which nothing is known, and which nothing else holds. */
  idle(): ReadonlySet<string> {
    const { memory, objects } = this.state;
    const holders = new Map<number, string[]>();
    const bases = new Set<number>();
    for (const [location, value] of memory) {
      const base = symbolOf(location);
      if (base >= 0) bases.add(base);
      const held =
        value.kind === 'symbol' ? value.id : value.kind === 'address' ? symbolOf(value.of) : -1;
      if (held < 0) continue;
      const known = holders.get(held);
      if (known === undefined) holders.set(held, [location]);
      else known.push(location);
    }
    const idle = new Set<string>();
    for (const [id, [first, second]] of holders) {
      if (first === undefined || second !== undefined || bases.has(id) || objects.has(id)) continue;
      if (this.state.facts.has(id) || this.state.owned.has(id)) continue;
      if (memory.get(first)?.kind === 'symbol') idle.add(first);
    }
    return idle;
  }

  /** Forgets memory that nothing leads to any more, unless an object is kept there. */
  prune(fields: ReadonlyMap<number, readonly string[]>): void {
    const { memory, objects } = this.state;
    // Variables that are not read again lead to memory that may outlive the function.
    for (const [location, value] of memory) if (!location.startsWith('#')) this.value(value);
    for (const [id] of this.names) {
      for (const location of fields.get(id) ?? []) {
        const value = memory.get(location);
        if (value !== undefined) this.value(value);
      }
    }
    for (const [id, locations] of fields) {
      if (this.names.has(id)) continue;
      for (const location of locations) {
        const value = memory.get(location);
        if (value?.kind !== 'symbol' || !objects.has(value.id)) memory.delete(location);
      }
    }
  }

  coarse(isLive: (location: string) => boolean): string {
    const { memory, objects, owned } = this.state;
    const locals: string[] = [];
    for (const [location, value] of memory) {
      const settled = this.state.settled(value);
      const isObject = settled.kind === 'symbol' && objects.has(settled.id);
      const tells = isObject || ('from' in settled && settled.from !== undefined);
      if (location.startsWith('#') ? !tells : !isLive(location)) continue;
      const base = /^#(\d+)/.exec(location);
      const kept = base === null ? '' : (owned.get(Number(base[1])) ?? '');
      // Nobody looks into memory that is gone.
      if (kept === 'freed') continue;
      const shown = location.replace(/^#\d+/, '#');
      if (!tells && this.state.parts(settled) === ANYTHING) continue;
      const what = tells ? this.value(settled) : String(this.state.parts(settled));
      locals.push(`${shown}${kept}=${what}`);
    }
    this.lines.push(...locals.sort());
    for (const [id, held] of objects) this.object(id, held);
    this.rest(isLive);
    return this.lines.join('\n');
  }

  line(shown: string, location: string): void {
    const value = this.state.memory.get(location);
    if (value !== undefined) this.lines.push(`${shown}=${this.value(this.state.settled(value))}`);
  }

  object(id: number, held: Held): void {
    const entries = held.registered.map((r) => `${r.function}:${r.key}`).join();
    const flags = `${held.released ? '!' : ''}${held.escaped ? '^' : ''}`;
    this.lines.push(`${this.name(id)}@${held.site}${flags}${held.done.join()}${entries}`);
  }

  rest(isLive: (location: string) => boolean): void {
    const { config, tested, features, deferred, failed } = this.state;
    for (const [symbol, on] of config) {
      if (isLive(`%CONFIG_${symbol}`)) this.lines.push(`${symbol}=${on}`);
    }
    // In which order they came makes no difference later.
    const sets = [...tested].map(([site, how]) => `${site}?${how}`);
    this.lines.push(...sets.sort());
    for (const [flag] of features) this.lines.push(flag);
    for (const { action, data } of deferred) this.lines.push(`${action}(${this.value(data)})`);
    this.lines.push(...failed.map(({ site, result, other }) => `${site}${result}${other}`).sort());
  }

  name(id: number): string {
    const number = this.names.get(id) ?? this.names.size;
    this.names.set(id, number);
    return `$${number}`;
  }

  value(value: Value): string {
    const from = 'from' in value && value.from !== undefined ? `^${value.from}` : '';
    switch (value.kind) {
      case 'int':
        return `${value.value}${from}`;
      case 'errno':
        return `-${value.name}${from}`;
      case 'symbol':
        return this.name(value.id);
      case 'address':
        return `&${value.of.replace(/^#(\d+)/, (_, id: string) => this.name(Number(id)))}`;
      case 'function':
        return value.name;
    }
  }
}
