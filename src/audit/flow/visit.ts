// What stands inside of expressions and nodes, for whoever looks through them.

import type { Expr, FlowNode } from './flow.ts';

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
