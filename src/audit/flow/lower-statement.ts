// Statements as nodes of a graph.

import type { CNode } from '../c/syntax.ts';
import { conditionalParts, conditionOf, isConditional } from './condition.ts';
import { Draft, type Live, MAX_DEPTH } from './draft.ts';
import type { Expr } from './flow.ts';
import { lowerDeclaration } from './lower-declaration.ts';
import { lowerExpr, partsOf } from './lower-expr.ts';
import { lowerDo, lowerFor, lowerSwitch, lowerWhile } from './lower-loop.ts';

/** Adds what a statement, declaration or directive does to `draft`. */
export function lowerStatement(node: CNode, draft: Draft): void {
  if (draft.depth > MAX_DEPTH) {
    notUnderstood(node, draft, 'nested too deeply');
    return;
  }
  draft.depth++;
  if (!lowerJump(node, draft) && !lowerCompound(node, draft)) lowerSimple(node, draft);
  draft.depth--;
}

function lowerSimple(node: CNode, draft: Draft): void {
  switch (node.kind) {
    case 'expression_statement':
      lowerExpressionStatement(node, draft);
      return;
    case 'declaration':
      lowerDeclaration(node, draft);
      return;
    case 'comment':
    case 'type_definition':
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
    case 'attribute_declaration':
    case 'preproc_def':
    case 'preproc_function_def':
    case 'preproc_call':
    case 'preproc_include':
      return;
    case 'ERROR':
      // Listed with all other errors of the function.
      lowerError(node, draft);
      return;
    default:
      notUnderstood(node, draft, `${node.kind.replaceAll('_', ' ')} not understood`);
  }
}

/** Statements that hold others; false where `node` is none of them. */
function lowerCompound(node: CNode, draft: Draft): boolean {
  switch (node.kind) {
    case 'compound_statement':
      inScope(draft, end(node, draft), () => lowerAll(node.children, draft));
      return true;
    case 'if_statement':
      lowerIf(node, draft);
      return true;
    case 'while_statement':
      lowerWhile(node, draft);
      return true;
    case 'do_statement':
      lowerDo(node, draft);
      return true;
    case 'for_statement':
      lowerFor(node, draft);
      return true;
    case 'switch_statement':
      lowerSwitch(node, draft);
      return true;
    case 'case_statement':
      lowerCase(node, draft);
      return true;
    case 'labeled_statement':
      draft.label(node.field('label')?.text ?? '', draft.around.base + node.offset);
      lowerAll(node.children.slice(1), draft);
      return true;
    case 'attributed_statement':
    case 'else_clause':
      lowerAll(node.children, draft);
      return true;
    default:
      if (!isConditional(node)) return false;
      lowerConditional(node, draft);
      return true;
  }
}

/** Statements that leave; false where `node` is none of them. */
function lowerJump(node: CNode, draft: Draft): boolean {
  const at = draft.around.base + node.offset;
  switch (node.kind) {
    case 'return_statement': {
      const value = node.children.find((c) => c.kind !== 'comment');
      addReturn(draft, value === undefined ? undefined : lowerExpr(value, draft, draft.depth), at);
      return true;
    }
    case 'break_statement':
      draft.leave(draft.breakTo, 'break', at);
      return true;
    case 'continue_statement':
      draft.leave(draft.continueTo, 'continue', at);
      return true;
    case 'goto_statement':
      if (node.hasError) draft.lost('goto not understood', at);
      else draft.goto(node.field('label')?.text ?? '', at);
      return true;
    default:
      return false;
  }
}

/** Adds one statement after the other. */
export function lowerAll(nodes: readonly CNode[], draft: Draft): void {
  for (const node of nodes) lowerStatement(node, draft);
}

/** Runs `lower`, and cleans up what it brought into being; `at` is the end of the scope. */
export function inScope(draft: Draft, at: number, lower: () => void): void {
  const outer = draft.live;
  lower();
  draft.cleanUp(outer, at);
  draft.live = outer;
}

/** The value is computed first, then every scope is left. */
export function addReturn(draft: Draft, value: Expr | undefined, at: number): void {
  draft.step({ kind: 'return', value, at, next: -1 });
  draft.cleanUp(undefined, at);
  for (const edge of draft.take()) draft.ends.push(edge);
}

/** Offset of the last character of `node`, a brace as a rule. */
export function end(node: CNode, draft: Draft): number {
  return draft.around.base + Math.max(node.offset, node.endOffset - 1);
}

function lowerIf(node: CNode, draft: Draft): void {
  const condition = node.field('condition');
  const at = draft.around.base + node.offset;
  const test = testOf(condition, draft, at);
  const branch = {
    kind: 'branch' as const,
    test,
    loop: false,
    configured: false,
    at,
    yes: -1,
    no: -1,
  };
  draft.add(branch);
  const yes = node.field('consequence');
  const no = node.field('alternative');
  lowerWays(draft, branch, yes === undefined ? [] : [yes], no === undefined ? [] : [no]);
}

/** An expression for what stands in the parentheses of a statement. */
export function testOf(condition: CNode | undefined, draft: Draft, at: number): Expr {
  if (condition === undefined) return { kind: 'opaque', parts: [], at };
  return lowerExpr(condition, draft, draft.depth);
}

function lowerWays(
  draft: Draft,
  branch: { yes: number; no: number },
  yes: readonly CNode[],
  no: readonly CNode[],
): Live | undefined {
  const before = draft.live;
  draft.open.push((to) => {
    branch.yes = to;
  });
  lowerAll(yes, draft);
  const afterYes = draft.live;
  const joined = draft.take();
  draft.live = before;
  draft.open.push((to) => {
    branch.no = to;
  });
  lowerAll(no, draft);
  draft.join(joined);
  return afterYes;
}

/**
 * An `#if` chooses like an `if`, but opens no scope: a variable of one side alone is taken to be
 * alive behind it, since what comes behind names it under the same condition or not at all.
 */
function lowerConditional(node: CNode, draft: Draft): void {
  const at = draft.around.base + node.offset;
  const test = conditionOf(node, draft);
  const branch = {
    kind: 'branch' as const,
    test,
    loop: false,
    configured: true,
    at,
    yes: -1,
    no: -1,
  };
  draft.add(branch);
  const other = node.field('alternative');
  const no = other === undefined ? [] : other.kind === 'preproc_else' ? other.children : [other];
  const before = draft.live;
  const afterYes = lowerWays(draft, branch, conditionalParts(node), no);
  if (afterYes !== before) draft.live = afterYes;
}

function lowerCase(node: CNode, draft: Draft): void {
  const value = node.field('value');
  const at = draft.around.base + node.offset;
  if (draft.cases === undefined) draft.around.note('case without a switch around it', at);
  if (value === undefined) {
    if (draft.cases !== undefined) draft.open.push(draft.cases.setDefault());
  } else {
    const operator = value.kind === 'binary_expression' ? value.field('operator') : undefined;
    const left = value.field('left');
    // The mask writes an operator over the dots of a range.
    const isRange = operator?.text.startsWith('..') === true && left !== undefined;
    const right = isRange ? value.field('right') : undefined;
    const first = lowerExpr(isRange ? left : value, draft, draft.depth);
    const last = right === undefined ? undefined : lowerExpr(right, draft, draft.depth);
    if (draft.cases !== undefined) draft.open.push(draft.cases.add(first, last));
  }
  lowerAll(
    node.children.filter((c) => c !== value),
    draft,
  );
}

function lowerExpressionStatement(node: CNode, draft: Draft): void {
  const inner = node.children.find((c) => c.kind !== 'comment');
  if (inner === undefined) return;
  const at = draft.around.base + inner.offset;
  if (inner.kind === 'gnu_asm_expression') {
    draft.around.note('assembly', at);
    draft.step({ kind: 'unknown', parts: partsOf(inner, draft, draft.depth), at, next: -1 });
    return;
  }
  const expr = lowerExpr(inner, draft, draft.depth);
  // @source include/linux/compiler_attributes.h fallthrough v6.12
  if (expr.kind === 'name' && expr.name === 'fallthrough') return;
  // @source include/linux/cleanup.h return_ptr() v6.12
  if (expr.kind === 'call' && expr.callee === 'return_ptr') {
    const target: Expr = { kind: 'name', name: 'no_free_ptr', at };
    addReturn(draft, { ...expr, callee: 'no_free_ptr', target }, at);
    return;
  }
  draft.step({ kind: 'do', expr, at, next: -1 });
}

/** An error may hold whole statements: those are taken in order, the rest by its parts. */
function lowerError(node: CNode, draft: Draft): void {
  const at = draft.around.base + node.offset;
  const parts = partsOf(node, draft, draft.depth);
  draft.step({ kind: 'unknown', parts, at, next: -1 });
}

function notUnderstood(node: CNode, draft: Draft, why: string): void {
  const at = draft.around.base + node.offset;
  draft.around.note(why, at);
  draft.step({ kind: 'unknown', parts: partsOf(node, draft, draft.depth), at, next: -1 });
}

/** Lowers `({ ... })` to a graph of its own; its last expression is its value. */
export function lowerBlock(node: CNode, outer: Draft, depth: number): Expr {
  const at = outer.around.base + node.offset;
  const draft = new Draft(outer.around, outer.live, lowerBlock);
  draft.depth = depth;
  const statements = node.children.filter((c) => c.kind !== 'comment');
  const last = statements.at(-1);
  const valueNode =
    last?.kind === 'expression_statement' && last.children[0]?.kind !== 'gnu_asm_expression'
      ? last.children[0]
      : undefined;
  lowerAll(valueNode === undefined ? statements : statements.slice(0, -1), draft);
  const value = valueNode === undefined ? undefined : lowerExpr(valueNode, draft, depth);
  if (draft.live !== outer.live) {
    draft.around.note('clean-up in a statement expression is not followed', at);
  }
  draft.add({ kind: 'result', value, at: end(node, outer) });
  return { kind: 'block', graph: draft.finish(), at };
}
