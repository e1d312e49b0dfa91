// What a function does after one given result of a call: a walk along the statements behind it.
// Conditions on the result, its copies and its error number are decided; every other condition is
// taken as the normal course of things (a failure of something else is not the question).

import type { Outcome } from './facts.ts';
import { argumentsOf, bare, calleeOf, type CNode, descendants, squeeze } from './syntax.ts';
import { isZero, type Known, sameValue, truthOf, type Value, valueOf } from './values.ts';

// Functions that may be given an error pointer or NULL: tests, and releases that check.
// @source include/linux/err.h, include/linux/cleanup.h, drivers/dax/super.c v6.12
const HARMLESS =
  /^(?:(?:IS|PTR)_ERR\w*|ERR_\w+|no_free_ptr|return_ptr|kill_dax|put_dax|(?:un)?likely|WARN\w*)$/;
const MAX_STEPS = 2000;

/** Follows `result` of `call` to the end of the function; `receiver` undefined: not followed. */
export function outcomeAfter(call: CNode, receiver: string | undefined, result: Known): Outcome {
  const start = statementOf(call);
  if (start === undefined || receiver === undefined) {
    const how = 'the result is neither put into a variable nor into a field';
    return { kind: 'not-checked', line: call.line, how };
  }
  return new Walk(call, result).from(start);
}

type End = { readonly kind: 'next' } | Outcome;
const NEXT: End = { kind: 'next' };

class Walk {
  readonly call: CNode;
  readonly result: Known;
  readonly known = new Map<string, Known>();
  /** Names whose value hangs on a condition that was not decided. */
  readonly lost = new Set<string>();
  steps = 0;

  constructor(call: CNode, result: Known) {
    this.call = call;
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
    if (descendants(condition, (n) => this.lost.has(squeeze(n.text))).length > 0) {
      return unclear(condition, 'a tested value hangs on a condition that was not decided');
    }
    if (!this.mentions(condition)) {
      return this.unrelated([consequence, alternative], chosen);
    }
    const value = truthOf(this.value(condition));
    if (value === undefined) {
      return unclear(condition, `'${squeeze(condition.text)}' was not understood`);
    }
    const taken = value ? consequence : alternative;
    if (taken === undefined) return NEXT;
    return this.sequence(taken.kind === 'else_clause' ? taken.children : [taken], true);
  }

  /** An `if` about something else: an error exit in it is not taken, what it sets is forgotten. */
  unrelated(arms: readonly (CNode | undefined)[], chosen: boolean): End {
    for (const arm of arms) {
      if (arm === undefined || leaves(arm)) continue;
      const before = new Map(this.known);
      const end = this.sequence(arm.kind === 'else_clause' ? arm.children : [arm], chosen);
      if (end.kind === 'used' || end.kind === 'not-checked') return end;
      for (const [name, value] of before) {
        if (!sameValue(this.known.get(name), value)) this.lose(name);
      }
      for (const name of this.known.keys()) if (!before.has(name)) this.lose(name);
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
    if (known !== undefined && isZero(known)) {
      const pointer = known.kind === 'null' || squeeze(bare(value).text) === 'NULL';
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
    const value = this.known.get(squeeze(bare(node).text));
    return value?.kind === 'error' || value?.kind === 'null';
  }

  mentions(node: CNode): boolean {
    return descendants(node, (n) => n === this.call || this.known.has(squeeze(n.text))).length > 0;
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

  value(node: CNode): Value {
    return valueOf(node, this);
  }

  lose(name: string): void {
    this.known.delete(name);
    this.lost.add(name);
  }

  set(name: string, value: Value): void {
    this.lost.delete(name);
    if (value === undefined) this.known.delete(name);
    else this.known.set(name, value);
  }
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
