// Plain enumeration of a transition system with arrays and a Set: the yardstick for the explorer.

/** @typedef {import('../src/ir/index.ts').Expr} Expr */

/**
 * Number of reachable states.
 * @param {import('../src/ir/index.ts').TransitionSystem} system
 */
export function enumerate(system) {
  const start = system.fields.map((field) => field.init);
  const seen = new Set([start.join()]);
  const queue = [start];
  for (const state of queue) {
    for (const { guard, updates } of system.actions) {
      if (value(guard, state) === 0) continue;
      const next = [...state];
      for (const update of updates) next[update.field] = value(update.value, state);
      const key = next.join();
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return seen.size;
}

/**
 * @param {Expr} expr
 * @param {readonly number[]} state
 * @returns {number}
 */
function value(expr, state) {
  switch (expr.op) {
    case 'const':
      return expr.value;
    case 'field':
      return state[expr.field] ?? 0;
    case 'not':
      return value(expr.a, state) === 0 ? 1 : 0;
    case 'ite':
      return value(expr.c, state) === 0 ? value(expr.b, state) : value(expr.a, state);
    case 'and':
      return value(expr.a, state) !== 0 && value(expr.b, state) !== 0 ? 1 : 0;
    case 'or':
      return value(expr.a, state) !== 0 || value(expr.b, state) !== 0 ? 1 : 0;
    case 'eq':
      return value(expr.a, state) === value(expr.b, state) ? 1 : 0;
    case 'ne':
      return value(expr.a, state) === value(expr.b, state) ? 0 : 1;
    case 'lt':
      return value(expr.a, state) < value(expr.b, state) ? 1 : 0;
    case 'add':
      return (value(expr.a, state) + value(expr.b, state)) % 2 ** expr.widthBits;
    case 'table':
      return expr.values[value(expr.index, state)] ?? 0;
  }
}
