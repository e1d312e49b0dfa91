// Which variables, and which questions, a function may still read from a node on: what it will not
// read again cannot tell two states apart.

import type { Expr, FlowNode, Graph } from '../flow/index.ts';

/** Names that may be read from each node on. */
export type Live = readonly ReadonlySet<string>[];

const known = new WeakMap<Graph, Live>();

/** Live names of each node of a graph; callees count as names, for what they answered is kept. */
export function liveNames(graph: Graph): Live {
  const before = known.get(graph);
  if (before !== undefined) return before;
  const live: Set<string>[] = graph.nodes.map((node) => new Set(readsOf(node)));
  const ways = predecessors(graph);
  const open = graph.nodes.map((_, i) => i).reverse();
  for (let i = open.shift(); i !== undefined; i = open.shift()) {
    const names = live[i] ?? new Set();
    for (const way of ways[i] ?? []) {
      const above = live[way];
      const node = graph.nodes[way];
      if (above === undefined || node === undefined) continue;
      const { size } = above;
      const kills = killedBy(node);
      for (const name of names) if (name !== kills) above.add(name);
      if (above.size > size) open.push(way);
    }
  }
  known.set(graph, live);
  return live;
}

function predecessors(graph: Graph): number[][] {
  const ways: number[][] = graph.nodes.map(() => []);
  graph.nodes.forEach((node, i) => {
    for (const next of nextOf(node)) ways[next]?.push(i);
  });
  return ways;
}

/** Nodes that may follow. */
export function nextOf(node: FlowNode): readonly number[] {
  switch (node.kind) {
    case 'do':
    case 'declare':
    case 'cleanup':
    case 'return':
    case 'unknown':
      return [node.next];
    case 'branch':
      return [node.yes, node.no];
    case 'switch':
      return [...node.cases.map((one) => one.to), node.otherwise];
    case 'iterate':
      return [node.body, node.done];
    case 'result':
    case 'end':
      return [];
  }
}

function killedBy(node: FlowNode): string | undefined {
  if (node.kind === 'declare') return node.name;
  if (node.kind !== 'do' || node.expr.kind !== 'assign' || node.expr.op !== '=') return undefined;
  const { to, from } = node.expr;
  if (to.kind !== 'name') return undefined;
  return namesIn([from]).has(to.name) ? undefined : to.name;
}

function readsOf(node: FlowNode): ReadonlySet<string> {
  switch (node.kind) {
    case 'do':
      return namesIn([node.expr], killedBy(node));
    case 'declare':
      return namesIn(node.init ? [node.init] : []);
    case 'branch':
      return namesIn([node.test]);
    case 'switch':
      return namesIn([node.on]);
    case 'iterate':
      return namesIn(node.args);
    case 'cleanup':
      return new Set([node.name]);
    case 'return':
    case 'result':
      return namesIn(node.value ? [node.value] : []);
    case 'unknown':
      return namesIn(node.parts);
    case 'end':
      return new Set();
  }
}

/** Every name in expressions, except one that is only assigned to. */
export function namesIn(exprs: readonly Expr[], except?: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expr of exprs) {
    const inner = expr.kind === 'assign' && except !== undefined ? expr.from : expr;
    visit(inner, (one) => {
      if (one.kind === 'name') names.add(one.name);
    });
  }
  return names;
}

/** Calls `look` for an expression and all inside it, graphs of statement expressions included. */
export function visit(expr: Expr, look: (one: Expr) => void): void {
  look(expr);
  for (const part of partsOf(expr)) visit(part, look);
}

function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'name':
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
      return [expr.target, ...expr.args];
    case 'binary':
      return [expr.left, expr.right];
    case 'choose':
      return expr.yes ? [expr.test, expr.yes, expr.no] : [expr.test, expr.no];
    case 'assign':
      return [expr.to, expr.from];
    case 'comma':
    case 'opaque':
      return expr.parts;
    case 'list':
      return expr.items.map((item) => item.value);
    case 'block':
      return expr.graph.nodes.flatMap(expressionsOf);
  }
}

/** Expressions that a node evaluates. */
export function expressionsOf(node: FlowNode): readonly Expr[] {
  switch (node.kind) {
    case 'do':
      return [node.expr];
    case 'declare':
      return node.init ? [node.init] : [];
    case 'branch':
      return [node.test];
    case 'switch':
      return [node.on];
    case 'iterate':
      return node.args;
    case 'return':
    case 'result':
      return node.value ? [node.value] : [];
    case 'unknown':
      return node.parts;
    case 'cleanup':
    case 'end':
      return [];
  }
}
