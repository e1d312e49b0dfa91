// What a function does after one given result of a call: a walk along the statements that follow it.
// Conditions on the result, its copies and its error number are decided; every other condition is
// taken as the normal course of things (a failure of something else is not the question).

import type { Outcome } from './facts.ts';
import { argumentsOf, bare, calleeOf, type CNode, descendants, squeeze } from './syntax.ts';

/** A value the walk knows: an error pointer, an integer (NULL is 0), or a negative errno. */
export type Known =
  | { readonly kind: 'error'; readonly name: string }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'errno'; readonly name: string };

type Value = Known | undefined;

// Functions that may be given an error pointer or NULL: tests, and releases that check.
// @source include/linux/err.h, include/linux/cleanup.h, drivers/dax/super.c v6.12
const HARMLESS =
  /^(?:IS_ERR\w*|PTR_ERR\w*|ERR_\w+|no_free_ptr|return_ptr|kill_dax|put_dax|pr_\w+|dev_\w+|WARN\w*|unlikely|likely)$/;
const MAX_STEPS = 2000;

/** Follows `result` of `call`, received by `receiver`, to the end of the function. */
export function outcomeAfter(call: CNode, receiver: string | undefined, result: Known): Outcome {
  const start = statementOf(call);
  if (start === undefined || receiver === undefined) {
    const how = 'the result is neither put into a variable nor into a field';
    return { kind: 'not-checked', line: call.line, how };
  }
  return new Walk(call, receiver, result).from(start);
}

type End = { readonly kind: 'next' } | Outcome;
const NEXT: End = { kind: 'next' };

class Walk {
  readonly call: CNode;
  readonly receiver: string;
  readonly result: Known;
  readonly known = new Map<string, Known>();
  steps = 0;
  /** Line of the first statement that is reached after the result was tested. */
  tested = false;

  constructor(call: CNode, receiver: string, result: Known) {
    this.call = call;
    this.receiver = receiver;
    this.result = result;
  }

  /** Executes `first`, then what follows it, outwards to the end of the function. */
  from(first: CNode): Outcome {
    let statement: CNode | undefined = first;
    let last = first;
    while (statement !== undefined) {
      const end = this.run(statement, false);
      if (end.kind !== 'next') return end;
      last = statement;
      statement = successor(statement);
    }
    return { kind: 'survives', line: last.line, how: 'goes on to the end of the function' };
  }

  /** One statement; `chosen` says that a condition on the result led here. */
  run(statement: CNode, chosen: boolean): End {
    if (++this.steps > MAX_STEPS) return unclear(statement, 'the function is too long to follow');
    switch (statement.kind) {
      case 'compound_statement':
        return this.sequence(statement.children, chosen);
      case 'if_statement':
        return this.branch(statement, chosen);
      case 'return_statement':
        return this.leave(statement, chosen);
      case 'goto_statement':
        return this.jump(statement, chosen);
      case 'labeled_statement':
        return this.sequence(statement.children.slice(1), chosen);
      case 'comment':
        return NEXT;
      case 'expression_statement':
      case 'declaration':
        return this.simple(statement);
      default:
        return this.other(statement);
    }
  }

  sequence(statements: readonly CNode[], chosen: boolean): End {
    for (const statement of statements) {
      const end = this.run(statement, chosen);
      if (end.kind !== 'next') return end;
    }
    return NEXT;
  }

  branch(statement: CNode, chosen: boolean): End {
    const condition = statement.field('condition');
    if (condition === undefined) return unclear(statement, 'an if without a condition');
    const misuse = this.misuse(condition);
    if (misuse !== undefined) return misuse;
    this.assignments(condition);
    const consequence = statement.field('consequence');
    const alternative = statement.field('alternative');
    if (!this.concerns(condition)) {
      return this.unrelated(statement, [consequence, alternative], chosen);
    }
    const value = this.truth(this.value(condition));
    if (value === undefined) {
      return unclear(condition, `'${squeeze(condition.text)}' was not understood`);
    }
    const taken = value ? consequence : alternative;
    if (taken === undefined) return NEXT;
    return this.sequence(taken.kind === 'else_clause' ? taken.children : [taken], true);
  }

  /** An `if` about something else: an error exit in it is not taken, what it sets is forgotten. */
  unrelated(statement: CNode, arms: readonly (CNode | undefined)[], chosen: boolean): End {
    const holdsCall =
      this.call.offset >= statement.offset && this.call.endOffset <= statement.endOffset;
    if (holdsCall) return unclear(statement, 'the call stands in a condition not understood');
    for (const arm of arms) {
      if (arm === undefined || leaves(arm)) continue;
      const before = new Map(this.known);
      const end = this.sequence(arm.kind === 'else_clause' ? arm.children : [arm], chosen);
      if (end.kind === 'used' || end.kind === 'not-checked') return end;
      for (const [name, value] of before) {
        if (!same(this.known.get(name), value)) this.known.delete(name);
      }
      for (const name of this.known.keys()) if (!before.has(name)) this.known.delete(name);
    }
    return NEXT;
  }

  simple(statement: CNode): End {
    const misuse = this.misuse(statement);
    if (misuse !== undefined) return misuse;
    this.assignments(statement);
    return NEXT;
  }

  /** Loops, switches, preprocessor conditions: passed over when they do not touch the result. */
  other(statement: CNode): End {
    if (this.mentions(statement)) {
      return unclear(statement, `the result is used inside a ${statement.kind}`);
    }
    this.assignments(statement);
    return NEXT;
  }

  leave(statement: CNode, chosen: boolean): End {
    const line = statement.line;
    const value = statement.children.find((c) => c.kind !== 'comment');
    const text = value === undefined ? 'return' : `return ${squeeze(value.text)}`;
    if (value === undefined) return { kind: 'survives', line, how: text };
    const misuse = this.misuse(value);
    if (misuse !== undefined) return misuse;
    const known = this.value(value);
    if (!chosen) {
      if (known?.kind === 'errno') return { kind: 'fatal', line, how: text };
      return { kind: 'survives', line, how: `goes on to ${text}` };
    }
    if (known?.kind === 'int' && known.value === 0) {
      const pointer = squeeze(bare(value).text) === 'NULL';
      return { kind: pointer ? 'fatal' : 'survives', line, how: text };
    }
    if (known !== undefined) return { kind: 'fatal', line, how: text };
    return unclear(statement, `'${text}' was not understood`);
  }

  /** A jump chosen by the result: decided by the value at the return it leads to. */
  jump(statement: CNode, chosen: boolean): End {
    const name = statement.field('label')?.text ?? '';
    const label = labelOf(statement, name);
    const how = `goto ${name}`;
    if (label === undefined) return unclear(statement, `label ${name} was not found`);
    if (label.offset < statement.offset) return unclear(statement, `${how} leads backwards`);
    // A label behind a return is reached by jumps only: the way out after a failure.
    const exit = /^(?:return|goto)_statement$/.test(before(label)?.kind ?? '');
    let at: CNode | undefined = label;
    while (at !== undefined) {
      const end = this.run(at, chosen && exit);
      if (end.kind === 'not-checked' && exit) break;
      if (end.kind !== 'next') return { ...end, line: statement.line, how: `${how}: ${end.how}` };
      at = successor(at);
    }
    if (exit) return { kind: 'fatal', line: statement.line, how };
    return { kind: 'survives', line: statement.line, how };
  }

  /** A use of the bad result as if it were a device. */
  misuse(node: CNode): Outcome | undefined {
    for (const part of descendants(node, () => true)) {
      const callee = calleeOf(part);
      if (callee !== undefined && !HARMLESS.test(callee) && part !== this.call) {
        const arg = argumentsOf(part).find((a) => this.isBad(a));
        const how = `${callee}(${arg === undefined ? '' : squeeze(arg.text)})`;
        if (arg !== undefined) return { kind: 'used', line: part.line, how };
      }
      const base = part.kind === 'field_expression' ? part.field('argument') : undefined;
      if (base !== undefined && this.isBad(base)) {
        return { kind: 'used', line: part.line, how: squeeze(part.text) };
      }
    }
    return undefined;
  }

  isBad(node: CNode): boolean {
    const text = squeeze(bare(node).text);
    const value = this.known.get(text);
    if (value === undefined || value.kind === 'errno') return false;
    return value.kind === 'error' || text === this.receiver;
  }

  mentions(node: CNode): boolean {
    return descendants(node, (n) => n === this.call || this.known.has(squeeze(n.text))).length > 0;
  }

  concerns(condition: CNode): boolean {
    return this.mentions(condition);
  }

  /** Carries out the assignments in a node, in order of place. */
  assignments(node: CNode): void {
    for (const part of descendants(node, (n) =>
      /^(?:assignment_expression|init_declarator)$/.test(n.kind),
    )) {
      const isInit = part.kind === 'init_declarator';
      const to = part.field(isInit ? 'declarator' : 'left');
      const from = part.field(isInit ? 'value' : 'right');
      if (to === undefined || from === undefined) continue;
      const plain = isInit || part.field('operator')?.text === '=';
      this.set(
        squeeze(to.text).replace(/^\*+/, isInit ? '' : '$&'),
        plain ? this.value(from) : undefined,
      );
    }
  }

  set(name: string, value: Value): void {
    if (value === undefined) this.known.delete(name);
    else this.known.set(name, value);
  }

  truth(value: Value): boolean | undefined {
    if (value === undefined) return undefined;
    return value.kind === 'int' ? value.value !== 0 : true;
  }

  /** Value of an expression as far as it follows from the result. */
  value(node: CNode): Value {
    const inner = bare(node);
    if (inner === this.call) return this.result;
    const known = this.known.get(squeeze(inner.text));
    if (known !== undefined) return known;
    switch (inner.kind) {
      case 'call_expression':
        return this.callValue(inner);
      case 'unary_expression':
        return this.unaryValue(inner);
      case 'binary_expression':
        return this.binaryValue(inner);
      case 'conditional_expression':
        return this.choiceValue(inner);
      case 'assignment_expression':
        return this.fieldValue(inner, 'right');
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

  fieldValue(node: CNode, name: string): Value {
    const child = node.field(name);
    return child && this.value(child);
  }

  callValue(call: CNode): Value {
    const [arg] = argumentsOf(call);
    const value = arg && this.value(arg);
    if (value === undefined) return undefined;
    switch (calleeOf(call)) {
      case 'IS_ERR':
        return int(Number(value.kind === 'error'));
      case 'IS_ERR_OR_NULL':
        return int(Number(value.kind === 'error' || (value.kind === 'int' && value.value === 0)));
      case 'PTR_ERR':
        return value.kind === 'error' ? { kind: 'errno', name: value.name } : value;
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

  unaryValue(node: CNode): Value {
    const operator = node.field('operator')?.text;
    const argument = node.field('argument');
    if (argument === undefined) return undefined;
    const name = squeeze(bare(argument).text);
    if (operator === '-' && /^E[A-Z0-9]+$/.test(name)) return { kind: 'errno', name };
    if (operator !== '!') return undefined;
    const truth = this.truth(this.value(argument));
    return truth === undefined ? undefined : int(Number(!truth));
  }

  binaryValue(node: CNode): Value {
    const operator = node.field('operator')?.text ?? '';
    const a = this.fieldValue(node, 'left');
    const b = this.fieldValue(node, 'right');
    if (operator === '&&' || operator === '||') {
      const [left, right] = [this.truth(a), this.truth(b)];
      const decisive = operator === '||';
      if (left === decisive || right === decisive) return int(Number(decisive));
      return left === undefined || right === undefined ? undefined : int(Number(!decisive));
    }
    if (a === undefined || b === undefined) return undefined;
    if (operator === '==') return int(Number(same(a, b)));
    if (operator === '!=') return int(Number(!same(a, b)));
    const negative = a.kind === 'errno' && b.kind === 'int' && b.value === 0;
    return negative && /^<=?$/.test(operator) ? int(1) : undefined;
  }

  choiceValue(node: CNode): Value {
    const test = this.truth(this.fieldValue(node, 'condition'));
    if (test === undefined) return undefined;
    return this.fieldValue(node, test ? 'consequence' : 'alternative');
  }
}

function int(value: number): Known {
  return { kind: 'int', value };
}

function same(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function unclear(node: CNode, how: string): Outcome {
  return { kind: 'not-checked', line: node.line, how };
}

/** An arm that ends in a jump out of the normal course. */
function leaves(arm: CNode): boolean {
  const statements = arm.kind === 'compound_statement' || arm.kind === 'else_clause';
  const last = statements ? arm.children.findLast((c) => c.kind !== 'comment') : arm;
  return /^(?:return|goto|break|continue)_statement$/.test(last?.kind ?? '');
}

/** The statement that directly contains the expression `node`. */
function statementOf(node: CNode): CNode | undefined {
  let up: CNode | undefined = node;
  while (up !== undefined && !/_statement$|^declaration$/.test(up.kind)) up = up.parent;
  return up;
}

/** The statement executed after `statement` in the normal course; undefined at the end. */
function successor(statement: CNode): CNode | undefined {
  let node = statement;
  for (;;) {
    const parent: CNode | undefined = node.parent;
    if (parent === undefined || parent.kind === 'function_definition') return undefined;
    const inList = /^(?:compound_statement|labeled_statement|preproc_|case_statement)/.test(
      parent.kind,
    );
    if (inList) {
      const rest = parent.children.filter((c) => c.offset >= node.endOffset);
      const next = rest.find((c) => !/^(?:comment|preproc_else|preproc_elif)/.test(c.kind));
      if (next !== undefined) return next;
    }
    node = parent;
  }
}

function before(node: CNode): CNode | undefined {
  const siblings = node.parent?.children ?? [];
  return siblings.findLast((c) => c.endOffset <= node.offset && c.kind !== 'comment');
}

function labelOf(node: CNode, name: string): CNode | undefined {
  let top = node;
  while (top.parent !== undefined && top.kind !== 'function_definition') top = top.parent;
  return descendants(
    top,
    (n) => n.kind === 'labeled_statement' && n.field('label')?.text === name,
  )[0];
}
