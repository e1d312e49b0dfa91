// Every schedule of a program on concrete caches: each step of each thread and each eviction and
// fill, in every order, and the outcomes that are left when all dirty lines are written back.

import type { AccessStep, Step } from '../../src/litmus/index.ts';
import { evict, type Resident, writeBack } from './cache.ts';
import { type Bench, fills, maintained, read, type State, write } from './machine.ts';
import { truthOf, valueOf, wrapped } from './values.ts';

/** What an outcome says of each register (`P0:r0`), byte (`x[0]`), `crashed` and `deadlock`. */
export type Outcome = Readonly<Record<string, number>>;

/** All outcomes of a program, each once; `undefined`: more than `limit` states. */
export function outcomes(bench: Bench, limit: number): readonly Outcome[] | undefined {
  const found = new Map<string, Outcome>();
  const keyOf = keys();
  const initial = initialState(bench);
  const seen = new Set([keyOf(initial)]);
  const open = [initial];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.size > limit) return undefined;
    const waits = isStuck(bench, state);
    if (hasEnded(state) || waits) {
      for (const memory of settled(state)) {
        const outcome = outcomeOf(bench, { ...state, memory }, waits);
        found.set(JSON.stringify(outcome), outcome);
      }
    }
    for (const after of successors(bench, state)) {
      const key = keyOf(after);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(after);
    }
  }
  return [...found.values()];
}

function initialState(bench: Bench): State {
  const { lines, program, threads, mapped } = bench;
  const padding = bench.hardware.dcache?.lineBytes ?? 4;
  return {
    memory: [...lines.keys()].map((name) => {
      const cells = program.lines.find((l) => l.name === name)?.cells ?? [];
      return Array.from({ length: padding }, (_, i) => wrapped(program, cells[i] ?? 0));
    }),
    cache: [],
    mapped,
    locks: [],
    crashed: false,
    rest: threads.map((t) => t.steps),
    registers: Object.fromEntries(
      threads.flatMap(({ name, steps }) => steps.flatMap((s) => registersOf(name, s))),
    ),
  };
}

function registersOf(thread: string, step: Step): readonly (readonly [string, number])[] {
  const parts =
    step.kind === 'if' ? [...step.yes, ...step.no] : step.kind === 'while' ? step.body : [];
  const inner = parts.flatMap((s) => registersOf(thread, s));
  const own = 'register' in step && step.register !== undefined ? [step.register] : [];
  return [...own.map((name) => [`${thread}:${name}`, 0] as const), ...inner];
}

function hasEnded(state: State): boolean {
  return state.rest.every((steps) => steps.length === 0);
}

/** Whether no thread can ever go on, though not all have ended. */
function isStuck(bench: Bench, state: State): boolean {
  return !hasEnded(state) && bench.threads.every((_, t) => stepsOf(bench, state, t).length === 0);
}

function successors(bench: Bench, state: State): readonly State[] {
  const power = bench.program.crashAnywhere === true && !state.crashed;
  return [
    ...bench.threads.flatMap((_, t) => stepsOf(bench, state, t)),
    ...(power ? [powerFails(bench, state)] : []),
    ...byItself(bench, state),
  ];
}

/** What the hardware may do by itself: evict any line, fill any line of a page in reach. */
function byItself(bench: Bench, state: State): readonly State[] {
  return [...state.cache.map((line) => evict(state, line)), ...fills(bench, state)];
}

/** The states after the next step of a thread; none where it has ended or must wait. */
function stepsOf(bench: Bench, state: State, thread: number): readonly State[] {
  const [step, ...later] = state.rest[thread] ?? [];
  if (!step) return [];
  if (step.kind === 'crash') return [powerFails(bench, state)];
  const name = bench.threads[thread]?.name ?? '';
  const goOn = (steps: readonly Step[]): State => ({
    ...state,
    rest: state.rest.map((rest, t) => (t === thread ? steps : rest)),
  });
  if (step.kind === 'if') {
    const holds = truthOf(bench.program, state.registers, name, step.condition);
    return [goOn([...(holds ? step.yes : step.no), ...later])];
  }
  if (step.kind === 'while') {
    const holds = truthOf(bench.program, state.registers, name, step.condition);
    return [goOn(holds ? [...step.body, step, ...later] : later)];
  }
  return effects(bench, goOn(later), thread, step);
}

// Every thread is gone, and with it what it held; eADR drains what the caches still have.
function powerFails({ program }: Bench, state: State): State {
  const cache = program.medium === 'eadr' ? state.cache : [];
  return { ...state, cache, locks: [], crashed: true, rest: state.rest.map(() => []) };
}

function effects(bench: Bench, state: State, thread: number, step: Step): readonly State[] {
  const { name = '', cpu = 0 } = bench.threads[thread] ?? {};
  const set = (to: State, register: string, value: number): State => ({
    ...to,
    registers: { ...to.registers, [`${name}:${register}`]: wrapped(bench.program, value) },
  });
  switch (step.kind) {
    case 'load':
    case 'store':
    case 'exchange':
    case 'fetch':
      if (!state.mapped.includes(step.mapping)) return [];
      return accessed(bench, state, { name, cpu }, step);
    case 'flush':
    case 'clean':
    case 'invalidate':
    case 'invalidate-icache':
      return [maintained(bench, state, cpu, step)];
    case 'map':
      return [{ ...state, mapped: [...new Set([...state.mapped, step.mapping])].sort() }];
    case 'unmap':
      return [{ ...state, mapped: state.mapped.filter((m) => m !== step.mapping) }];
    case 'lock':
      if (state.locks.includes(step.lock)) return [];
      return [{ ...state, locks: [...state.locks, step.lock].sort() }];
    case 'unlock':
      return [{ ...state, locks: state.locks.filter((l) => l !== step.lock) }];
    case 'set':
      return [set(state, step.register, valueOf(bench.program, state.registers, name, step.value))];
    case 'call': {
      const answer = bench.answers[step.name] ?? 0;
      const results = answer === 0 ? [0, ...step.failures] : [answer];
      const { register } = step;
      return register === undefined ? [state] : results.map((r) => set(state, register, r));
    }
    default:
      return [state];
  }
}

function accessed(
  bench: Bench,
  state: State,
  { name, cpu }: { readonly name: string; readonly cpu: number },
  step: AccessStep,
): readonly State[] {
  const stored =
    step.kind === 'store' || step.kind === 'exchange'
      ? valueOf(bench.program, state.registers, name, step.value)
      : 0;
  if (step.kind === 'store') return write(bench, state, cpu, { ...step, stored });
  return read(bench, state, cpu, step).flatMap(({ state: after, value }) => {
    const registers = { ...after.registers, [`${name}:${step.register}`]: value };
    const known = { ...after, registers };
    return step.kind === 'exchange' ? write(bench, known, cpu, { ...step, stored }) : [known];
  });
}

/** Memory after all dirty lines were written back, in every order. */
function settled(state: State): readonly State['memory'][] {
  const dirty = state.cache.filter((r) => r.dirty);
  if (dirty.length === 0) return [state.memory];
  return dirty.flatMap((line) => settled(writeBack(state, line)));
}

function outcomeOf(bench: Bench, state: State, deadlock: boolean): Outcome {
  const cells = bench.program.lines.flatMap(({ name, cells: all }) => {
    const bytes = state.memory[bench.lines.get(name)?.number ?? 0] ?? [];
    return all.map((_, i) => [`${name}[${i}]`, bytes[i] ?? 0] as const);
  });
  const { crashed } = state;
  const facts = { crashed: Number(crashed), deadlock: Number(deadlock) };
  return { ...state.registers, ...Object.fromEntries(cells), ...facts };
}

/** A function that names states: equal names, equal states. Steps are known by their identity. */
function keys(): (state: State) => string {
  const numbers = new Map<Step, number>();
  const numberOf = (step: Step): number => {
    const known = numbers.get(step) ?? numbers.size;
    numbers.set(step, known);
    return known;
  };
  const lineText = (r: Resident): string =>
    [r.cpu, r.side, r.set, r.tag, r.number, r.dirty, ...r.bytes].join();
  return ({ memory, cache, mapped, locks, crashed, rest, registers }) =>
    [
      memory.join('/'),
      cache.map(lineText).sort().join('/'),
      mapped.join(),
      locks.join(),
      crashed,
      rest.map((steps) => steps.map(numberOf).join()).join('/'),
      Object.values(registers).join(),
    ].join(';');
}
