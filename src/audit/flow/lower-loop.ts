// Loops and switches, and the macros that are written like loops.

import type { CNode } from '../c/syntax.ts';
import type { CaseList, Draft, Target } from './draft.ts';
import type { Expr, SwitchCase } from './flow.ts';
import { commaNodes, lowerExpr } from './lower-expr.ts';
import { addReturn, end, inScope, lowerAll, lowerStatement, testOf } from './lower-statement.ts';

/**
 * Macros that run their block exactly once; those with `_if_` may not.
 * @source include/linux/cleanup.h scoped_guard() v6.12, include/linux/iio/imu/adis.h
 * adis_dev_auto_scoped_lock() v6.12, drivers/gpu/drm/i915/intel_runtime_pm.h
 * with_intel_runtime_pm() v6.12
 */
const RUNS_ONCE = /^(?!\w*_if_)(?:scoped_|with_intel_|\w*_scoped(?:_|$))/;

type Branch = { yes: number; no: number };

/** A `while`, or a macro that the mask wrote one over: the original words tell. */
export function lowerWhile(node: CNode, draft: Draft): void {
  const word = /^\w+/.exec(node.text.slice(0, 100))?.[0] ?? 'while';
  if (RUNS_ONCE.test(word)) {
    lowerScoped(node, draft, word);
    return;
  }
  if (word !== 'while') {
    lowerIterate(node, draft, word);
    return;
  }
  const at = draft.around.base + node.offset;
  const test = testOf(node.field('condition'), draft, at);
  const branch = loopBranch(test, at);
  const head = draft.add(branch);
  onYes(draft, branch);
  const { breaks, continues } = lowerBody(node, draft);
  draft.close(draft.take(), head);
  draft.close(continues, head);
  onNo(draft, branch);
  draft.join(breaks);
}

function loopBranch(test: Expr, at: number) {
  return { kind: 'branch' as const, test, loop: true, configured: false, at, yes: -1, no: -1 };
}

function onYes(draft: Draft, branch: Branch): void {
  draft.open.push((to) => {
    branch.yes = to;
  });
}

function onNo(draft: Draft, branch: Branch): void {
  draft.open.push((to) => {
    branch.no = to;
  });
}

/** Lowers the body of a loop with its own `break` and `continue`. */
function lowerBody(node: CNode, draft: Draft) {
  const { breakTo, continueTo } = draft;
  const breaks: Target = { edges: [], live: draft.live };
  const continues: Target = { edges: [], live: draft.live };
  draft.breakTo = breaks;
  draft.continueTo = continues;
  const body = node.field('body');
  if (body !== undefined) lowerStatement(body, draft);
  draft.breakTo = breakTo;
  draft.continueTo = continueTo;
  return { breaks: breaks.edges, continues: continues.edges };
}

/** The words between the parentheses of a macro, as expressions. */
function argumentsOfHead(node: CNode): readonly CNode[] {
  const inner = node.field('condition')?.children.find((c) => c.kind !== 'comment');
  return inner === undefined ? [] : commaNodes(inner);
}

function lowerIterate(node: CNode, draft: Draft, macro: string): void {
  const at = draft.around.base + node.offset;
  const args = argumentsOfHead(node).map((arg) => lowerExpr(arg, draft, draft.depth));
  const iterate = { kind: 'iterate' as const, macro, args, at, body: -1, done: -1 };
  const head = draft.add(iterate);
  draft.open.push((to) => {
    iterate.body = to;
  });
  const { breaks, continues } = lowerBody(node, draft);
  draft.close(draft.take(), head);
  draft.close(continues, head);
  draft.open.push((to) => {
    iterate.done = to;
  });
  draft.join(breaks);
}

/**
 * A scoped lock is a loop of one round: `break` and `continue` both leave it. The conditional ones
 * have a statement as an argument, which runs where the lock is not got.
 * @source include/linux/cleanup.h scoped_guard() scoped_cond_guard() v6.12,
 * include/linux/iio/iio.h iio_device_claim_direct_scoped() v6.12
 */
function lowerScoped(node: CNode, draft: Draft, callee: string): void {
  const at = draft.around.base + node.offset;
  const nodes = argumentsOfHead(node);
  const args = nodes.map((arg) => lowerExpr(arg, draft, draft.depth));
  const target: Expr = { kind: 'name', name: callee, at };
  const call: Expr = { kind: 'call', callee, target, args, at };
  const failure = failureOf(node, nodes);
  if (failure < 0) {
    draft.step({ kind: 'do', expr: call, at, next: -1 });
    lowerOnce(node, draft);
    return;
  }
  const branch = { ...loopBranch(call, at), loop: false };
  draft.add(branch);
  onYes(draft, branch);
  lowerOnce(node, draft);
  const joined = draft.take();
  onNo(draft, branch);
  lowerFailure(node, nodes[failure], args[failure], draft);
  draft.join(joined);
}

function lowerOnce(node: CNode, draft: Draft): void {
  const { breaks, continues } = lowerBody(node, draft);
  draft.join(breaks);
  draft.join(continues);
}

/** Index of the argument that is a statement, or -1. */
function failureOf(head: CNode, args: readonly CNode[]): number {
  const returning = args.findIndex((arg) => {
    return /\breturn\s*$/.test(head.text.slice(0, arg.offset - head.offset));
  });
  return returning < 0 && head.text.startsWith('scoped_cond_guard') ? 1 : returning;
}

/** The mask blanks the word `return` in the head: the original text still has it. */
function lowerFailure(head: CNode, node: CNode | undefined, value: Expr | undefined, draft: Draft) {
  if (node === undefined || value === undefined) return;
  const before = head.text.slice(0, node.offset - head.offset);
  const at = draft.around.base + node.offset;
  if (/\breturn\s*$/.test(before)) addReturn(draft, value, at);
  else draft.step({ kind: 'do', expr: value, at, next: -1 });
}

/** A `do ... while`. */
export function lowerDo(node: CNode, draft: Draft): void {
  const at = draft.around.base + node.offset;
  let start = -1;
  draft.open.push((to) => {
    start = to;
  });
  const { breaks, continues } = lowerBody(node, draft);
  draft.join(continues);
  const branch = loopBranch(testOf(node.field('condition'), draft, at), at);
  const index = draft.add(branch);
  branch.yes = start < 0 ? index : start;
  onNo(draft, branch);
  draft.join(breaks);
}

/** A `for`; without a test it has the test 1. */
export function lowerFor(node: CNode, draft: Draft): void {
  const at = draft.around.base + node.offset;
  inScope(draft, end(node, draft), () => {
    const initializer = node.field('initializer');
    if (initializer?.kind === 'declaration') lowerStatement(initializer, draft);
    else addExpression(initializer, draft);
    const condition = node.field('condition');
    const forever: Expr = { kind: 'number', value: 1, at };
    const branch = loopBranch(
      condition === undefined ? forever : lowerExpr(condition, draft, draft.depth),
      at,
    );
    const head = draft.add(branch);
    onYes(draft, branch);
    const { breaks, continues } = lowerBody(node, draft);
    draft.join(continues);
    if (draft.open.length > 0) addExpression(node.field('update'), draft);
    draft.close(draft.take(), head);
    onNo(draft, branch);
    draft.join(breaks);
  });
}

function addExpression(node: CNode | undefined, draft: Draft): void {
  if (node === undefined) return;
  const expr = lowerExpr(node, draft, draft.depth);
  draft.step({ kind: 'do', expr, at: draft.around.base + node.offset, next: -1 });
}

/** A switch; `continue` inside belongs to the loop around. */
export function lowerSwitch(node: CNode, draft: Draft): void {
  const at = draft.around.base + node.offset;
  const on = testOf(node.field('condition'), draft, at);
  const cases: SwitchCase[] = [];
  const choice = { kind: 'switch' as const, on, cases, otherwise: -1, at };
  draft.add(choice);
  let hasDefault = false;
  const list: CaseList = {
    add(first, last) {
      const one = { first, last, to: -1 };
      cases.push(one);
      return (to) => {
        one.to = to;
      };
    },
    setDefault() {
      hasDefault = true;
      return (to) => {
        choice.otherwise = to;
      };
    },
  };
  const { breakTo, cases: outer } = draft;
  const breaks: Target = { edges: [], live: draft.live };
  draft.breakTo = breaks;
  draft.cases = list;
  const body = node.field('body');
  inScope(draft, end(node, draft), () => lowerAll(body?.children ?? [], draft));
  draft.breakTo = breakTo;
  draft.cases = outer;
  draft.join(breaks.edges);
  if (hasDefault) return;
  draft.open.push((to) => {
    choice.otherwise = to;
  });
}
