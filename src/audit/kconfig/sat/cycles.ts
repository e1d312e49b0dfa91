// Symbols whose values depend on themselves, in the part of the tree that a formula has written.

/** The variables that lie on a cycle and can be reached from `starts`. Tarjan's algorithm. */
export function onCycles(
  starts: readonly number[],
  childrenOf: (variable: number) => readonly number[],
): ReadonlySet<number> {
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const found = new Set<number>();
  const enter = (variable: number): Visit => {
    order.set(variable, order.size);
    low.set(variable, order.size - 1);
    open.push(variable);
    isOpen.add(variable);
    return { variable, children: childrenOf(variable), next: 0 };
  };
  const lower = (variable: number, to: number | undefined): void => {
    low.set(variable, Math.min(low.get(variable) ?? 0, to ?? 0));
  };
  const leave = (variable: number, children: readonly number[]): void => {
    if (low.get(variable) !== order.get(variable)) return;
    const part: number[] = [];
    for (let top = open.pop(); top !== undefined; top = open.pop()) {
      isOpen.delete(top);
      part.push(top);
      if (top === variable) break;
    }
    if (part.length === 1 && !children.includes(variable)) return;
    for (const one of part) found.add(one);
  };
  for (const start of starts) {
    if (order.has(start)) continue;
    const stack = [enter(start)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = top.children[top.next];
      top.next += 1;
      if (child === undefined) {
        stack.pop();
        leave(top.variable, top.children);
        const below = stack.at(-1);
        if (below !== undefined) lower(below.variable, low.get(top.variable));
      } else if (!order.has(child)) stack.push(enter(child));
      else if (isOpen.has(child)) lower(top.variable, order.get(child));
    }
  }
  return found;
}

interface Visit {
  readonly variable: number;
  readonly children: readonly number[];
  next: number;
}
