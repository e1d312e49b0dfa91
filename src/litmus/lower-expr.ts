// Expressions -> values over registers. What an expression loads or calls on the way becomes steps
// before it, into registers of our own.

import { never } from '../base/index.ts';
import type { BinaryOp, ExprNode } from './ast.ts';
import { constantValue } from './constants.ts';
import { freshRegister, lowerCall, type Lowering } from './lower-call.ts';
import { cellOfLvalue } from './places.ts';
import { loadStep } from './primitives/args.ts';
import type { Step, Value } from './program.ts';
import { lookUp } from './scope.ts';
import { exprText } from './print-expr.ts';

/** The value of an expression; its loads and calls are appended to `out`, in C's order. */
export function lowerValue(lowering: Lowering, expr: ExprNode, out: Step[]): Value | undefined {
  switch (expr.kind) {
    case 'number':
      return constantValue({ ...expr, negative: false }, lowering.scope.reporter);
    case 'name':
      return lowerName(lowering, expr);
    case 'unary':
      return lowerUnary(lowering, expr, out);
    case 'binary':
      return lowerBinary(lowering, expr, out);
    case 'member':
    case 'index':
    case 'call': {
      const register = freshRegister(lowering);
      const lowered = lowerInto(lowering, register, expr, out);
      return lowered ? { op: 'register', register } : undefined;
    }
    default:
      return never(expr);
  }
}

/** Appends the steps that put the value into `register`; false where a problem was noted. */
export function lowerInto(
  lowering: Lowering,
  register: string,
  expr: ExprNode,
  out: Step[],
): boolean {
  const { scope } = lowering;
  scope.registersSet.add(register);
  if (expr.kind === 'call') return lowerCall(lowering, expr, out, register);
  if (isPlace(expr)) {
    const target = cellOfLvalue(scope, expr);
    if (target) out.push(loadStep(scope.thread, target, register));
    return target !== undefined;
  }
  const value = lowerValue(lowering, expr, out);
  if (value === undefined) return false;
  const says = `${scope.thread} sets ${register} to ${exprText(expr)}`;
  out.push({ kind: 'set', register, value, says });
  return true;
}

function isPlace(expr: ExprNode): boolean {
  return (
    expr.kind === 'member' || expr.kind === 'index' || (expr.kind === 'unary' && expr.op === '*')
  );
}

function lowerName(
  { scope }: Lowering,
  expr: Extract<ExprNode, { readonly kind: 'name' }>,
): Value | undefined {
  const isError = /^E[A-Z0-9]+$/.test(expr.text) && !scope.registers.has(expr.text);
  if (isError) return constantValue({ ...expr, negative: false }, scope.reporter);
  const found = lookUp(scope, expr);
  if (!found) return undefined;
  if (found.kind === 'register') {
    if (!scope.registersRead.has(found.name)) scope.registersRead.set(found.name, expr);
    return { op: 'register', register: found.name };
  }
  const isPointer = found.kind === 'address' || found.kind === 'variable';
  const hint = isPointer
    ? `to load it write READ_ONCE(*${expr.text})`
    : 'a value is a number, a register, or an access';
  const article = found.kind === 'address' ? 'an' : 'a';
  scope.reporter.add(expr, `'${expr.text}' is ${article} ${found.kind}, not a number`, hint);
  return undefined;
}

function lowerUnary(
  lowering: Lowering,
  expr: Extract<ExprNode, { readonly kind: 'unary' }>,
  out: Step[],
): Value | undefined {
  const { reporter } = lowering.scope;
  switch (expr.op) {
    case '*': {
      const register = freshRegister(lowering);
      const lowered = lowerInto(lowering, register, expr, out);
      return lowered ? { op: 'register', register } : undefined;
    }
    case '!': {
      const a = lowerValue(lowering, expr.of, out);
      return a === undefined ? undefined : { op: 'not', a };
    }
    case '-': {
      const { of } = expr;
      const isError = of.kind === 'name' && /^E[A-Z0-9]+$/.test(of.text);
      if (of.kind === 'number' || isError) {
        return constantValue({ ...of, negative: true }, reporter);
      }
      reporter.add(expr, 'only a constant can be negative', 'e.g. -1 or -ENOMEM');
      return undefined;
    }
    case '&':
      reporter.add(expr, 'an address is no number', 'pass it to a primitive, or load through it');
      return undefined;
    default:
      return never(expr.op);
  }
}

function lowerBinary(
  lowering: Lowering,
  expr: Extract<ExprNode, { readonly kind: 'binary' }>,
  out: Step[],
): Value | undefined {
  const a = lowerValue(lowering, expr.a, out);
  const later: Step[] = [];
  const b = lowerValue(lowering, expr.b, later);
  if (a === undefined || b === undefined) return undefined;
  if ((expr.op === '&&' || expr.op === '||') && later.length > 0) {
    return shortCircuit(
      lowering,
      expr.op,
      a,
      { steps: later, value: b, text: exprText(expr) },
      out,
    );
  }
  out.push(...later);
  return combine(expr.op, a, b);
}

// The right side loads only where C would: a register holds the outcome.
function shortCircuit(
  lowering: Lowering,
  op: '&&' | '||',
  a: Value,
  right: { readonly steps: readonly Step[]; readonly value: Value; readonly text: string },
  out: Step[],
): Value {
  const register = freshRegister(lowering);
  const says = `${lowering.scope.thread} finds ${right.text}`;
  const set = (value: Value): Step => ({ kind: 'set', register, value, says });
  const more = [...right.steps, set({ op: 'ne', a: right.value, b: 0 })];
  const done = [set(op === '&&' ? 0 : 1)];
  out.push({
    kind: 'if',
    condition: a,
    yes: op === '&&' ? more : done,
    no: op === '&&' ? done : more,
    says,
  });
  return { op: 'register', register };
}

function combine(op: BinaryOp, a: Value, b: Value): Value {
  switch (op) {
    case '+':
      return { op: 'add', a, b };
    case '==':
      return { op: 'eq', a, b };
    case '!=':
      return { op: 'ne', a, b };
    case '<':
      return { op: 'lt', a, b };
    case '>':
      return { op: 'lt', a: b, b: a };
    case '<=':
      return { op: 'not', a: { op: 'lt', a: b, b: a } };
    case '>=':
      return { op: 'not', a: { op: 'lt', a, b } };
    case '&&':
      return { op: 'and', a, b };
    case '||':
      return { op: 'or', a, b };
    default:
      return never(op);
  }
}
