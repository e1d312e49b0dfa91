// Values of C expressions as far as they follow from one result of a call: the small arithmetic of
// error pointers. @source include/linux/err.h v6.12

import { argumentsOf, bare, calleeOf, type CNode, squeeze } from './syntax.ts';

/** A known value: the result as error pointer or NULL, an integer, or a negative errno. */
export type Known =
  | { readonly kind: 'error'; readonly name: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'errno'; readonly name: string };

/** A value, or undefined where nothing is known. */
export type Value = Known | undefined;

/** What is known at a point of a walk: the call, its result, and variables by squeezed name. */
export interface Knowledge {
  readonly call: CNode;
  readonly result: Known;
  readonly known: ReadonlyMap<string, Known>;
}

/** Value of an expression as far as it follows from the result. */
export function valueOf(node: CNode, known: Knowledge): Value {
  const inner = bare(node);
  if (inner === known.call) return known.result;
  const value = known.known.get(squeeze(inner.text));
  if (value !== undefined) return value;
  switch (inner.kind) {
    case 'call_expression':
      return callValue(inner, known);
    case 'unary_expression':
      return unaryValue(inner, known);
    case 'binary_expression':
      return binaryValue(inner, known);
    case 'conditional_expression':
      return choiceValue(inner, known);
    case 'assignment_expression':
      return fieldValue(inner, 'right', known);
    case 'number_literal':
      return /^\d+$/.test(inner.text) ? int(Number(inner.text)) : undefined;
    case 'null':
    case 'false':
      return int(0);
    case 'true':
      return int(1);
    default:
      return inner.text === 'NULL' ? int(0) : undefined;
  }
}

function fieldValue(node: CNode, name: string, known: Knowledge): Value {
  const child = node.field(name);
  return child && valueOf(child, known);
}

function callValue(call: CNode, known: Knowledge): Value {
  const [arg] = argumentsOf(call);
  const value = arg && valueOf(arg, known);
  if (value === undefined) return undefined;
  switch (calleeOf(call)) {
    case 'IS_ERR':
      return int(Number(value.kind === 'error'));
    case 'IS_ERR_OR_NULL':
      return int(Number(value.kind === 'error' || isZero(value)));
    case 'PTR_ERR':
      return value.kind === 'error' ? { kind: 'errno', name: value.name } : int(0);
    case 'PTR_ERR_OR_ZERO':
      return value.kind === 'error' ? { kind: 'errno', name: value.name } : int(0);
    case 'ERR_PTR':
      return value.kind === 'errno' ? { kind: 'error', name: value.name } : undefined;
    case 'ERR_CAST':
    case 'no_free_ptr':
    case 'likely':
    case 'unlikely':
      return value;
    default:
      return undefined;
  }
}

function unaryValue(node: CNode, known: Knowledge): Value {
  const operator = node.field('operator')?.text;
  const argument = node.field('argument');
  if (argument === undefined) return undefined;
  const name = squeeze(bare(argument).text);
  if (operator === '-' && /^E[A-Z0-9]+$/.test(name)) return { kind: 'errno', name };
  if (operator !== '!') return undefined;
  const truth = truthOf(valueOf(argument, known));
  return truth === undefined ? undefined : int(Number(!truth));
}

function binaryValue(node: CNode, known: Knowledge): Value {
  const operator = node.field('operator')?.text ?? '';
  const a = fieldValue(node, 'left', known);
  const b = fieldValue(node, 'right', known);
  if (operator === '&&' || operator === '||') {
    const [left, right] = [truthOf(a), truthOf(b)];
    const decisive = operator === '||';
    if (left === decisive || right === decisive) return int(Number(decisive));
    return left === undefined || right === undefined ? undefined : int(Number(!decisive));
  }
  if (a === undefined || b === undefined) return undefined;
  if (operator === '==') return int(Number(sameValue(a, b)));
  if (operator === '!=') return int(Number(!sameValue(a, b)));
  const negative = a.kind === 'errno' && b.kind === 'int' && b.value === 0;
  return negative && /^<=?$/.test(operator) ? int(1) : undefined;
}

function choiceValue(node: CNode, known: Knowledge): Value {
  const test = truthOf(fieldValue(node, 'condition', known));
  if (test === undefined) return undefined;
  return fieldValue(node, test ? 'consequence' : 'alternative', known);
}

/** Whether a value counts as true in C. */
export function truthOf(value: Value): boolean | undefined {
  return value === undefined ? undefined : !isZero(value);
}

/** True for NULL and 0. */
export function isZero(value: Known): boolean {
  return value.kind === 'null' || (value.kind === 'int' && value.value === 0);
}

/** Whether two values are equal in C; nothing known equals only nothing known. */
export function sameValue(a: Value, b: Value): boolean {
  if (a !== undefined && b !== undefined && isZero(a) && isZero(b)) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}

function int(value: number): Known {
  return { kind: 'int', value };
}
