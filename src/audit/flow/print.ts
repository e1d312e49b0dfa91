// Graphs as text, one node a line: for tests, and for whoever wants to see what was understood.

import { never } from '../../base/index.ts';
import type { Expr, FlowNode, Graph } from './flow.ts';

/** All nodes of a graph; `->` says where they lead, and the entry comes first. */
export function printFlow(graph: Graph): string {
  const lines = graph.nodes.map((node, index) => `${index}: ${printNode(node)}`);
  return [`entry ${graph.entry}`, ...lines].join('\n');
}

function printNode(node: FlowNode): string {
  switch (node.kind) {
    case 'do':
      return `${printExpr(node.expr)} -> ${node.next}`;
    case 'declare': {
      const star = node.isPointer ? ' *' : ' ';
      const init = node.init === undefined ? '' : ` = ${printExpr(node.init)}`;
      const type = `${node.isStatic ? 'static ' : ''}${node.type}`;
      return `${type}${star}${node.name}${node.isArray ? '[]' : ''}${init} -> ${node.next}`;
    }
    case 'branch': {
      const word = node.configured ? '#if' : node.loop ? 'while' : 'if';
      return `${word} ${printExpr(node.test)} -> ${node.yes} else ${node.no}`;
    }
    case 'switch': {
      const cases = node.cases.map(({ first, last, to }) => {
        const range = last === undefined ? '' : ` ... ${printExpr(last)}`;
        return `${printExpr(first)}${range} -> ${to}, `;
      });
      return `switch ${printExpr(node.on)}: ${cases.join('')}else ${node.otherwise}`;
    }
    case 'iterate':
      return `${node.macro}(${all(node.args)}) -> ${node.body} done ${node.done}`;
    case 'cleanup':
      return `cleanup ${node.name} by ${node.free} -> ${node.next}`;
    case 'return':
      return `return${node.value === undefined ? '' : ` ${printExpr(node.value)}`} -> ${node.next}`;
    case 'result':
      return `result${node.value === undefined ? '' : ` ${printExpr(node.value)}`}`;
    case 'unknown':
      return `unknown [${all(node.parts)}] -> ${node.next}`;
    case 'end':
      return 'end';
    default:
      return never(node, 'node');
  }
}

/** An expression, with parentheses around whatever has an operator. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'number':
      return expr.value === undefined ? '<number>' : String(expr.value);
    case 'string':
      return '<string>';
    case 'size':
      return '<size>';
    case 'field':
      return `${printExpr(expr.base)}${expr.arrow ? '->' : '.'}${expr.field}`;
    case 'index':
      return `${printExpr(expr.base)}[${printExpr(expr.index)}]`;
    case 'deref':
      return `*${printExpr(expr.of)}`;
    case 'address':
      return `&${printExpr(expr.of)}`;
    case 'call':
      return `${printExpr(expr.target)}(${all(expr.args)})`;
    case 'unary':
      return `${expr.op}${printExpr(expr.of)}`;
    case 'step':
      return `${printExpr(expr.of)}++`;
    case 'binary':
      return `(${printExpr(expr.left)} ${expr.op} ${printExpr(expr.right)})`;
    case 'choose': {
      const yes = expr.yes === undefined ? '' : ` ${printExpr(expr.yes)} `;
      return `(${printExpr(expr.test)} ?${yes}: ${printExpr(expr.no)})`;
    }
    case 'assign':
      return `${printExpr(expr.to)} ${expr.op} ${printExpr(expr.from)}`;
    case 'comma':
      return `(${all(expr.parts)})`;
    case 'list': {
      const items = expr.items.map(({ designator, value }) => {
        return `${designator === undefined ? '' : `${designator} = `}${printExpr(value)}`;
      });
      return `{ ${items.join(', ')} }`;
    }
    case 'block':
      return `({ ${printFlow(expr.graph).replaceAll('\n', '; ')} })`;
    case 'opaque':
      return `<${all(expr.parts)}>`;
    default:
      return never(expr, 'expression');
  }
}

function all(parts: readonly Expr[]): string {
  return parts.map(printExpr).join(', ');
}
