// Models of fixed size for the benchmark: threads that store, load and flush lines through two
// colours, with a cache that evicts and fills at any time. Written as IR by hand, so that they stay
// what they are whatever becomes of the scenarios. Their counts are known from plain enumeration
// and from SPIN (bench/promela.mjs writes the same models for it).

/** @typedef {import('../src/ir/index.ts').Expr} Expr */
/** @typedef {import('../src/ir/index.ts').Action} Action */
/** @typedef {import('../src/ir/index.ts').TransitionSystem} TransitionSystem */

/**
 * A step of a thread on a line through a colour: `st` stores `value`, `ld` loads into a register of
 * its own, `fl` writes back and invalidates.
 * @typedef {{ kind: 'st', line: number, colour: number, value: number } |
 *   { kind: 'ld', line: number, colour: number, register: string } |
 *   { kind: 'fl', line: number, colour: number }} Step
 */

/** @typedef {{ lines: number, threads: readonly (readonly Step[])[] }} Program */

/** @typedef {{ name: string, program: Program, padBytes?: number, states: number,
 *   transitions: number }} Model */

/** @typedef {{ name: string, widthBits: number }} Named */

/**
 * Reads `st 0 0 1; ld 1 1 a`: kind, line, colour, and value or register.
 * @param {number} lines
 * @param {readonly string[]} threads
 * @returns {Program}
 */
export function program(lines, threads) {
  return { lines, threads: threads.map((thread) => thread.split('; ').map(step)) };
}

/** @type {readonly Model[]} */
export const models = [
  {
    name: 'litmus',
    program: program(1, ['st 0 0 1; st 0 0 2; ld 0 0 a', 'ld 0 1 a; ld 0 1 b; st 0 1 3']),
    states: 433,
    transitions: 1_321,
  },
  {
    name: '10^4',
    program: program(3, [
      'st 0 0 1; st 1 0 1; st 2 0 1',
      'ld 2 1 a; ld 1 1 b',
      'st 0 1 2; ld 2 0 a',
    ]),
    states: 25_616,
    transitions: 187_664,
  },
  {
    name: '10^6',
    program: program(3, [
      'st 0 0 1; st 1 0 1; st 2 0 1; st 0 0 2; ld 1 0 a',
      'ld 2 1 a; ld 1 1 b; st 2 1 2; st 1 1 2',
      'st 0 1 3; ld 2 0 a; st 1 1 3; ld 0 0 b',
    ]),
    states: 3_251_625,
    transitions: 23_810_210,
  },
  {
    name: '10^7',
    program: program(3, [
      'st 0 0 1; st 1 0 1; st 2 0 1; st 0 0 2; ld 1 0 a; st 2 0 3',
      'ld 2 1 a; ld 1 1 b; st 2 1 2; st 1 1 2; ld 0 1 c',
      'st 0 1 3; ld 2 0 a; st 1 1 3; ld 0 0 b; st 0 1 2',
    ]),
    states: 24_975_875,
    transitions: 187_508_944,
  },
];

/**
 * The model as a transition system, its states padded to at least `padBytes` bytes by fields that
 * never change, and a question: may every load of the last thread return 0?
 * @param {Model} model
 * @returns {{ system: TransitionSystem, question: Expr }}
 */
export function systemOf({ program, padBytes = 0 }) {
  const named = fieldsOf(program, padBytes);
  const index = new Map(named.map(({ name }, i) => [name, i]));
  /** @type {(name: string) => Expr} */
  const read = (name) => ({ op: 'field', field: numberOf(index, name) });
  /** @type {(id: string, guard: Expr, updates: readonly [string, Expr][]) => Action} */
  const action = (id, guard, updates) => ({
    id,
    actor: { kind: 'hardware' },
    guard,
    updates: updates.map(([name, value]) => ({ field: numberOf(index, name), value })),
  });
  const atEnd = program.threads.map((steps, t) => same(read(`pc${t}`), steps.length));
  const registers = named.flatMap(({ name }, i) => (/^r\d/.test(name) ? [i] : []));
  return {
    system: {
      fields: named.map((field) => ({ ...field, init: 0 })),
      actions: [...threadActions(program, read, action), ...cacheActions(program, read, action)],
      isEnd: atEnd.reduce(both),
      observed: registers,
    },
    question: registers
      .filter((field) => named[field]?.name.startsWith(`r${program.threads.length - 1}`))
      .map((field) => same({ op: 'field', field }, 0))
      .reduce(both, /** @type {Expr} */ ({ op: 'const', value: 1 })),
  };
}

/**
 * The fields in order: memory and two copies of each line, then threads and their registers.
 * @param {Program} program
 * @param {number} padBytes
 * @returns {Named[]}
 */
export function fieldsOf({ lines, threads }, padBytes) {
  /** @type {Named[]} */
  const fields = [];
  for (let l = 0; l < lines; l++) {
    fields.push({ name: `m${l}`, widthBits: 2 });
    for (const c of [0, 1]) {
      fields.push({ name: `s${l}_${c}`, widthBits: 2 }, { name: `v${l}_${c}`, widthBits: 2 });
    }
  }
  threads.forEach((steps, t) => {
    fields.push({ name: `pc${t}`, widthBits: 3 });
    for (const s of steps) {
      if (s.kind === 'ld') fields.push({ name: `r${t}_${s.register}`, widthBits: 2 });
    }
  });
  // Two words hold them all; every word beyond is padding.
  for (let word = 2; word < padBytes / 4; word++) {
    fields.push({ name: `pad${word}`, widthBits: word % 2 === 0 ? 32 : 16 });
  }
  return fields;
}

/**
 * @param {Program} program
 * @param {(name: string) => Expr} read
 * @param {(id: string, guard: Expr, updates: readonly [string, Expr][]) => Action} action
 * @returns {Action[]}
 */
function threadActions({ threads }, read, action) {
  return threads.flatMap((steps, t) =>
    steps.flatMap((step, i) => {
      const pc = `pc${t}`;
      const here = same(read(pc), i);
      const memory = `m${step.line}`;
      const state = `s${step.line}_${step.colour}`;
      const value = `v${step.line}_${step.colour}`;
      const id = `T${t}.${i}`;
      /** @type {[string, Expr]} */
      const next = [pc, number(i + 1)];
      if (step.kind === 'st') {
        return [action(id, here, [next, [state, number(2)], [value, number(step.value)]])];
      }
      if (step.kind === 'fl') {
        const left = choose(same(read(state), 2), read(value), read(memory));
        return [action(id, here, [next, [memory, left], [state, number(0)], [value, number(0)]])];
      }
      const register = `r${t}_${step.register}`;
      /** @type {Expr} */
      const hit = { op: 'ne', a: read(state), b: number(0) };
      return [
        action(`${id} hit`, both(here, hit), [next, [register, read(value)]]),
        action(`${id} miss`, both(here, same(read(state), 0)), [
          next,
          [register, read(memory)],
          [state, number(1)],
          [value, read(memory)],
        ]),
      ];
    }),
  );
}

/**
 * @param {Program} program
 * @param {(name: string) => Expr} read
 * @param {(id: string, guard: Expr, updates: readonly [string, Expr][]) => Action} action
 * @returns {Action[]}
 */
function cacheActions({ lines }, read, action) {
  return Array.from({ length: lines * 2 }, (_, copy) => {
    const memory = `m${copy >> 1}`;
    const state = `s${copy >> 1}_${copy % 2}`;
    const value = `v${copy >> 1}_${copy % 2}`;
    /** @type {[string, Expr][]} */
    const gone = [
      [state, number(0)],
      [value, number(0)],
    ];
    return [
      action(`write back ${copy}`, same(read(state), 2), [[memory, read(value)], ...gone]),
      action(`drop ${copy}`, same(read(state), 1), gone),
      action(`fill ${copy}`, same(read(state), 0), [
        [state, number(1)],
        [value, read(memory)],
      ]),
    ];
  }).flat();
}

/**
 * @param {string} text
 * @returns {Step}
 */
function step(text) {
  const [kind, line, colour, last = ''] = text.split(' ');
  const place = { line: Number(line), colour: Number(colour) };
  if (kind === 'st') return { kind, ...place, value: Number(last) };
  if (kind === 'ld') return { kind, ...place, register: last };
  return { kind: 'fl', ...place };
}

/**
 * @param {ReadonlyMap<string, number>} index
 * @param {string} name
 */
function numberOf(index, name) {
  const found = index.get(name);
  if (found === undefined) throw new Error(`no field ${name}`);
  return found;
}

/**
 * @param {number} value
 * @returns {Expr}
 */
function number(value) {
  return { op: 'const', value };
}

/**
 * @param {Expr} a
 * @param {number} value
 * @returns {Expr}
 */
function same(a, value) {
  return { op: 'eq', a, b: number(value) };
}

/**
 * @param {Expr} a
 * @param {Expr} b
 * @returns {Expr}
 */
function both(a, b) {
  return { op: 'and', a, b };
}

/**
 * @param {Expr} c
 * @param {Expr} a
 * @param {Expr} b
 * @returns {Expr}
 */
function choose(c, a, b) {
  return { op: 'ite', c, a, b };
}
