// Statements of one thread -> steps.

import { never } from '../base/index.ts';
import type { Block, ExprNode, Statement, ThreadNode } from './ast.ts';
import { type Lowering, lowerCall } from './lower-call.ts';
import { lowerInto, lowerValue } from './lower-expr.ts';
import { cellOfLvalue } from './places.ts';
import { exprText } from './print-expr.ts';
import { storeStep } from './primitives/args.ts';
import type { Step } from './program.ts';
import { checkRegisters, declareRegister, lookUp, type Scope } from './scope.ts';

/** The steps of the thread's body; where a problem was noted, those that could be made. */
export function lowerThread(
  thread: ThreadNode,
  scope: Scope,
  calls: Lowering['calls'],
): readonly Step[] {
  const lowering: Lowering = { scope, calls, temps: { used: 0 }, lowerValue };
  const { items } = thread.body;
  const other = items.findIndex(({ kind }) => kind !== 'declare');
  const count = other < 0 ? items.length : other;
  const declared = lowerBlock(lowering, { ...thread.body, items: items.slice(0, count) });
  const others = lowerBlock(lowering, { ...thread.body, items: items.slice(count) });
  checkRegisters(scope);
  return [...withInitial(declared), ...others];
}

// Numbers that registers are declared with; what is loaded or called for one comes later.
function withInitial(declared: readonly Step[]): readonly Step[] {
  const later = declared.findIndex((step) => step.kind !== 'set' || typeof step.value !== 'number');
  return declared.map((step, i) =>
    step.kind === 'set' && (later < 0 || i < later) ? { ...step, isInitial: true } : step,
  );
}

function lowerBlock(lowering: Lowering, block: Block<Statement>): Step[] {
  const out: Step[] = [];
  for (const statement of block.items) {
    // Registers of our own live no longer than the statement that made them.
    lowering.temps.used = 0;
    lowerStatement(lowering, statement, out);
  }
  return out;
}

function lowerStatement(lowering: Lowering, statement: Statement, out: Step[]): void {
  switch (statement.kind) {
    case 'declare':
      for (const { name, value } of statement.names) {
        declareRegister(lowering.scope, name);
        if (value) lowerInto(lowering, name.text, value, out);
      }
      return;
    case 'assign':
      return lowerAssignment(lowering, statement, out);
    case 'expression':
      return lowerExpression(lowering, statement.expr, out);
    case 'if': {
      const condition = lowerValue(lowering, statement.condition, out);
      const yes = lowerBlock(lowering, statement.yes);
      const no = statement.no ? lowerBlock(lowering, statement.no) : [];
      const says = `${lowering.scope.thread} tests ${exprText(statement.condition)}`;
      if (condition !== undefined) out.push({ kind: 'if', condition, yes, no, says });
      return;
    }
    case 'while': {
      // What the condition loads is loaded before the loop, and again at the end of its body.
      const before: Step[] = [];
      const condition = lowerValue(lowering, statement.condition, before);
      const body = [...lowerBlock(lowering, statement.body), ...before];
      const says = `${lowering.scope.thread} tests ${exprText(statement.condition)}`;
      if (condition !== undefined) out.push(...before, { kind: 'while', condition, body, says });
      return;
    }
    case 'block':
      out.push(...lowerBlock(lowering, statement.body));
      return;
    case 'empty':
      return;
    default:
      never(statement);
  }
}

function lowerAssignment(
  lowering: Lowering,
  { target, value }: Extract<Statement, { readonly kind: 'assign' }>,
  out: Step[],
): void {
  const { scope } = lowering;
  if (target.kind === 'name') {
    const found = lookUp(scope, target);
    if (found?.kind === 'register') lowerInto(lowering, found.name, value, out);
    else if (found) {
      const hint =
        found.kind === 'address' || found.kind === 'variable'
          ? `to store to it write WRITE_ONCE(*${target.text}, ${exprText(value)})`
          : 'only registers and memory are assigned to';
      scope.reporter.add(target, `'${target.text}' is no register`, hint);
    }
    return;
  }
  if (target.kind === 'call') {
    const hint = 'e.g. r0 = READ_ONCE(*k); or WRITE_ONCE(*k, 1);';
    scope.reporter.add(target, `nothing can be assigned to ${exprText(target)}`, hint);
    return;
  }
  const place = cellOfLvalue(scope, target);
  const stored = lowerValue(lowering, value, out);
  if (!place || stored === undefined) return;
  out.push(storeStep(scope.thread, place, { value: stored, text: exprText(value) }));
}

function lowerExpression(lowering: Lowering, expr: ExprNode, out: Step[]): void {
  if (expr.kind === 'call') {
    lowerCall(lowering, expr, out);
    return;
  }
  const what = `'${exprText(expr)}' does nothing`;
  lowering.scope.reporter.add(expr, what, 'a statement assigns a value or calls a primitive');
}
