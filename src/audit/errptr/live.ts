// Which variables a node, or one that follows it, still names: what is known of others is
// forgotten, so that paths that differ in it alone become one.

import type { Expr, FlowNode, Graph } from '../flow/flow.ts';

/** For each node the names that matter there. */
export type Live = readonly ReadonlySet<string>[];

/** Names that are read at a node or behind it before they are written. */
export function liveNames(graph: Graph): Live {
  const uses = graph.nodes.map(usesOf);
  const live = uses.map(({ read }) => new Set(read));
  const before = predecessors(graph);
  const open = [...graph.nodes.keys()];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const from of before[node] ?? []) {
      const written = uses[from]?.written;
      const target = live[from];
      if (target === undefined) continue;
      const { size } = target;
      for (const name of live[node] ?? []) if (name !== written) target.add(name);
      if (target.size > size) open.push(from);
    }
  }
  return live;
}

function predecessors(graph: Graph): readonly (readonly number[])[] {
  const before: number[][] = graph.nodes.map(() => []);
  for (const [from, node] of graph.nodes.entries()) {
    for (const to of successors(node)) before[to]?.push(from);
  }
  return before;
}

function successors(node: FlowNode): readonly number[] {
  switch (node.kind) {
    case 'branch':
      return [node.yes, node.no];
    case 'switch':
      return [...node.cases.map((one) => one.to), node.otherwise];
    case 'iterate':
      return [node.body, node.done];
    case 'result':
    case 'end':
      return [];
    default:
      return [node.next];
  }
}

interface Uses {
  readonly read: Set<string>;
  /** The one name that the node gives a new value, whatever else it does. */
  readonly written: string | undefined;
}

function usesOf(node: FlowNode): Uses {
  const read = new Set<string>();
  let written: string | undefined;
  switch (node.kind) {
    case 'do':
      if (node.expr.kind === 'assign' && node.expr.op === '=' && node.expr.to.kind === 'name') {
        written = node.expr.to.name;
        namesIn(node.expr.from, read);
      } else namesIn(node.expr, read);
      break;
    case 'declare':
      written = node.name;
      if (node.init !== undefined) namesIn(node.init, read);
      break;
    case 'branch':
      namesIn(node.test, read);
      break;
    case 'switch':
      namesIn(node.on, read);
      for (const { first } of node.cases) namesIn(first, read);
      break;
    case 'iterate':
      for (const arg of node.args) namesIn(arg, read);
      break;
    case 'cleanup':
      read.add(node.name);
      break;
    case 'return':
    case 'result':
      if (node.value !== undefined) namesIn(node.value, read);
      break;
    case 'unknown':
      for (const part of node.parts) namesIn(part, read);
      break;
    case 'end':
      break;
  }
  return { read, written };
}

/** Adds every name of an expression. */
export function namesIn(expr: Expr, names: Set<string>): void {
  const stack: Expr[] = [expr];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === 'name') names.add(next.name);
    else if (next.kind === 'block') {
      for (const node of next.graph.nodes) for (const name of usesOf(node).read) names.add(name);
    } else stack.push(...partsOf(next));
  }
}

function partsOf(expr: Exclude<Expr, { kind: 'name' | 'block' }>): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'size':
      return [];
    case 'field':
      return [expr.base];
    case 'index':
      return [expr.base, expr.index];
    case 'deref':
    case 'address':
    case 'unary':
    case 'step':
      return [expr.of];
    case 'call':
      return expr.callee === undefined ? [expr.target, ...expr.args] : expr.args;
    case 'binary':
      return [expr.left, expr.right];
    case 'choose':
      return expr.yes === undefined ? [expr.test, expr.no] : [expr.test, expr.yes, expr.no];
    case 'assign':
      return [expr.to, expr.from];
    case 'comma':
    case 'opaque':
      return expr.parts;
    case 'list':
      return expr.items.map((item) => item.value);
  }
}
