// Expressions of a syntax tree as ours: parentheses and casts gone, macros that stand for their
// argument too, and what is not understood opaque with its parts.

import type { CNode } from '../c/syntax.ts';
import { squeeze } from '../c/syntax.ts';
import { type Draft, MAX_DEPTH } from './draft.ts';
import type { Expr, ListExpr } from './flow.ts';
import { characterOf, integerOf } from './literal.ts';

/** Calls that are their only argument. @source include/linux/compiler.h likely() v6.12 */
const TRANSPARENT: ReadonlySet<string> = new Set(['likely', 'unlikely', '__extension__']);

/**
 * Calls that evaluate nothing.
 * @source include/linux/stddef.h offsetof() sizeof_field() offsetofend() v6.12
 */
const SIZES: ReadonlySet<string> = new Set([
  'sizeof',
  'offsetof',
  'offsetofend',
  'sizeof_field',
  'typeof',
  '__typeof__',
  '__typeof',
  'alignof',
  '_Alignof',
  '__alignof__',
  '__builtin_offsetof',
  '__builtin_types_compatible_p',
]);

/** The node as an expression; `draft` is the graph it stands in. */
export function lowerExpr(node: CNode, draft: Draft, depth: number): Expr {
  const inner = unwrapped(node);
  const at = draft.around.base + inner.offset;
  if (depth > MAX_DEPTH) {
    draft.around.note('nested too deeply', at);
    return { kind: 'opaque', parts: [], at };
  }
  if (inner.isMissing || (inner.hasError && inner.children.some(isError))) {
    return { kind: 'opaque', parts: partsOf(inner, draft, depth), at };
  }
  return lowerKind(inner, draft, depth + 1) ?? opaque(inner, draft, depth + 1);
}

/** Which of the three families a node belongs to; undefined: none. */
function lowerKind(node: CNode, draft: Draft, depth: number): Expr | undefined {
  return lowerLeaf(node, draft.around.base + node.offset) ?? lowerTree(node, draft, depth);
}

function lowerLeaf(node: CNode, at: number): Expr | undefined {
  switch (node.kind) {
    case 'identifier':
    case 'field_identifier':
    case 'type_identifier':
      return { kind: 'name', name: node.text, at };
    case 'null':
      return { kind: 'name', name: 'NULL', at };
    case 'true':
      return { kind: 'number', value: 1, at };
    case 'false':
      return { kind: 'number', value: 0, at };
    case 'number_literal':
      return { kind: 'number', value: integerOf(node.text), at };
    case 'char_literal':
      return { kind: 'number', value: characterOf(node.text), at };
    case 'string_literal':
    case 'concatenated_string':
      return { kind: 'string', at };
    case 'sizeof_expression':
    case 'alignof_expression':
    case 'offsetof_expression':
      return { kind: 'size', at };
    default:
      return undefined;
  }
}

function lowerTree(node: CNode, draft: Draft, depth: number): Expr | undefined {
  const at = draft.around.base + node.offset;
  const child = (name: string) => lowerField(node, name, draft, depth);
  switch (node.kind) {
    case 'call_expression':
      return lowerCall(node, draft, depth);
    case 'field_expression': {
      const arrow = node.field('operator')?.kind === '->';
      const field = node.field('field')?.text ?? '';
      return { kind: 'field', base: child('argument'), field, arrow, at };
    }
    case 'subscript_expression':
      return { kind: 'index', base: child('argument'), index: child('index'), at };
    case 'pointer_expression':
      return {
        kind: node.field('operator')?.kind === '&' ? 'address' : 'deref',
        of: child('argument'),
        at,
      };
    case 'unary_expression':
      return lowerUnary(node, draft, depth);
    case 'update_expression':
      return { kind: 'step', of: child('argument'), at };
    case 'binary_expression': {
      const op = node.field('operator')?.kind ?? '';
      return { kind: 'binary', op, left: child('left'), right: child('right'), at };
    }
    case 'assignment_expression': {
      const op = node.field('operator')?.kind ?? '=';
      return { kind: 'assign', op, to: child('left'), from: child('right'), at };
    }
    case 'conditional_expression': {
      const yes = node.field('consequence') === undefined ? undefined : child('consequence');
      return { kind: 'choose', test: child('condition'), yes, no: child('alternative'), at };
    }
    case 'comma_expression':
      return { kind: 'comma', parts: commaParts(node, draft, depth), at };
    case 'compound_literal_expression':
      return child('value');
    case 'initializer_list':
      return lowerList(node, draft, depth);
    case 'compound_statement':
      return draft.lowerBlock(node, draft, depth);
    case 'preproc_defined':
      return lowerDefined(node, at);
    default:
      return undefined;
  }
}

function lowerField(node: CNode, name: string, draft: Draft, depth: number): Expr {
  const child = node.field(name);
  const at = draft.around.base + node.offset;
  return child === undefined ? { kind: 'opaque', parts: [], at } : lowerExpr(child, draft, depth);
}

function lowerCall(node: CNode, draft: Draft, depth: number): Expr {
  const at = draft.around.base + node.offset;
  const target = lowerField(node, 'function', draft, depth);
  const callee = target.kind === 'name' ? target.name : undefined;
  if (callee !== undefined && SIZES.has(callee)) return { kind: 'size', at };
  const list = node.field('arguments')?.children ?? [];
  const args = list.flatMap((c) => (c.kind === 'comment' ? [] : [lowerExpr(c, draft, depth)]));
  const [only] = args;
  if (callee !== undefined && only !== undefined && args.length === 1 && TRANSPARENT.has(callee)) {
    return only;
  }
  return { kind: 'call', callee, target, args, at };
}

function lowerUnary(node: CNode, draft: Draft, depth: number): Expr | undefined {
  const at = draft.around.base + node.offset;
  const op = node.field('operator')?.kind;
  if (op !== '!' && op !== '-' && op !== '~' && op !== '+') return undefined;
  return { kind: 'unary', op, of: lowerField(node, 'argument', draft, depth), at };
}

function commaParts(node: CNode, draft: Draft, depth: number): Expr[] {
  return commaNodes(node).map((part) => lowerExpr(part, draft, depth));
}

/** The expressions between commas, from left to right; the grammar nests them to the right. */
export function commaNodes(node: CNode): readonly CNode[] {
  const parts: CNode[] = [];
  let rest: CNode | undefined = node;
  while (rest?.kind === 'comma_expression') {
    const left = rest.field('left');
    if (left !== undefined) parts.push(left);
    rest = rest.field('right');
  }
  if (rest !== undefined) parts.push(rest);
  return parts;
}

/** An initialiser list with its designators; nested lists stay lists. */
export function lowerList(node: CNode, draft: Draft, depth: number): ListExpr {
  const items: ListExpr['items'][number][] = [];
  for (const child of node.children) {
    if (child.kind === 'comment') continue;
    if (child.kind !== 'initializer_pair') {
      items.push({ designator: undefined, value: lowerExpr(child, draft, depth) });
      continue;
    }
    const value = child.field('value');
    const last = value?.offset ?? child.endOffset;
    const written = squeeze(child.text.slice(0, last - child.offset)).replace(/[=:]$/, '');
    const designator = /^\w/.test(written) ? `.${written}` : written;
    items.push({ designator, value: lowerExpr(value ?? child, draft, depth) });
  }
  return { kind: 'list', items, at: draft.around.base + node.offset };
}

function lowerDefined(node: CNode, at: number): Expr {
  return definedCall(node.children[0]?.text ?? '', at);
}

/** `defined(name)`. */
export function definedCall(name: string, at: number): Expr {
  const args: readonly Expr[] = [{ kind: 'name', name, at }];
  return {
    kind: 'call',
    callee: 'defined',
    target: { kind: 'name', name: 'defined', at },
    args,
    at,
  };
}

function opaque(node: CNode, draft: Draft, depth: number): Expr {
  return {
    kind: 'opaque',
    parts: partsOf(node, draft, depth),
    at: draft.around.base + node.offset,
  };
}

const MAX_PARTS = 200;

/** The outermost expressions below `node`, for what is not understood as a whole. */
export function partsOf(node: CNode, draft: Draft, depth: number): Expr[] {
  const parts: Expr[] = [];
  const stack = node.children.toReversed();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (parts.length >= MAX_PARTS) {
      draft.around.note('too many parts', draft.around.base + next.offset);
      break;
    }
    const isPart = /_expression$|^identifier$/.test(next.kind) && !next.isMissing;
    if (isPart && depth < MAX_DEPTH) parts.push(lowerExpr(next, draft, depth + 1));
    else for (const child of next.children.toReversed()) stack.push(child);
  }
  return parts;
}

/** Without any number of parentheses and casts, and without `__extension__`. */
function unwrapped(node: CNode): CNode {
  let inner = node;
  for (;;) {
    const next = wrappedBy(inner);
    if (next === undefined) return inner;
    inner = next;
  }
}

function wrappedBy(node: CNode): CNode | undefined {
  if (node.kind === 'cast_expression') return node.field('value');
  if (node.kind !== 'parenthesized_expression' && node.kind !== 'extension_expression') {
    return undefined;
  }
  if (node.hasError && node.children.some(isError)) return undefined;
  return node.children.find((c) => c.kind !== 'comment');
}

function isError(node: CNode): boolean {
  return node.kind === 'ERROR';
}
