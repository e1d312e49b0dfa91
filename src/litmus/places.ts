// Expressions that name memory -> the address they go through, the line, and the cell.

import type { ExprNode, Word } from './ast.ts';
import { constantValue } from './constants.ts';
import { suggestion } from './nearest.ts';
import type { Access } from './program.ts';
import { lookUp, type Scope } from './scope.ts';
import type { AddressInfo, LineInfo, PageInfo } from './world-types.ts';

/** What an expression points to. */
export interface Target {
  readonly mapping: string;
  readonly page: PageInfo;
  /** Absent: a variable, which has one address and no colour. */
  readonly address?: AddressInfo;
  /** Absent: the page has several lines and none is named. */
  readonly line?: LineInfo;
  /** Absent: no cell is named. */
  readonly cell?: number;
  /** How a sentence calls it: `k`, `k[1]`, `k->flag`. */
  readonly text: string;
}

/** A cell that is named in full, as an access step wants it. */
export type CellTarget = Target & { readonly access: Access; readonly line: LineInfo };

/** The cell that an expression on memory means: `*k`, `k[1]`, `k->flag`, `k->buf[1]`. */
export function cellOfLvalue(scope: Scope, expr: ExprNode): CellTarget | undefined {
  const target = lvalue(scope, expr);
  return target && completed(scope, expr, target);
}

/** The cell that a pointer leads to: `k`, `&k[1]`, `&k->flag`. */
export function cellOfPointer(scope: Scope, expr: ExprNode): CellTarget | undefined {
  const isPlace = expr.kind === 'member' || expr.kind === 'index';
  if (isPlace) {
    const text = lvalue(scope, expr)?.text;
    if (text !== undefined) {
      scope.reporter.add(expr, 'an address is wanted here, not a value', `write &${text}`);
    }
    return undefined;
  }
  const target = pointer(scope, expr);
  return target && completed(scope, expr, target);
}

/** The line that is meant, by a pointer or by a place in it: `k`, `k->flag`, `&k->buf[1]`. */
export function lineOf(
  scope: Scope,
  expr: ExprNode,
): (Target & { readonly line: LineInfo }) | undefined {
  const isPlace = expr.kind === 'member' || expr.kind === 'index';
  const target = isPlace ? lvalue(scope, expr) : pointer(scope, expr);
  if (!target) return undefined;
  const { line } = target;
  if (line) return { ...target, line };
  reportLineless(scope, expr, target);
  return undefined;
}

/** The page that a pointer leads to; a place in it does as well. */
export function pageOf(scope: Scope, expr: ExprNode): Target | undefined {
  const isPlace = expr.kind === 'member' || expr.kind === 'index';
  return isPlace ? lvalue(scope, expr) : pointer(scope, expr);
}

/** Cells of a file's page: `f`, `f[1]`, `f->flag`; the mapping is left to who knows the file. */
export function lvalueIn(
  scope: Scope,
  expr: ExprNode,
  base: { readonly name: string; readonly page: PageInfo; readonly mapping: string },
): CellTarget | undefined {
  const target = within(scope, expr, () => wholePage(base));
  return target && completed(scope, expr, target);
}

/** The name at the bottom of `f`, `f[1]`, `&f->flag`. */
export function baseName(expr: ExprNode): (ExprNode & { readonly kind: 'name' }) | undefined {
  let at = expr;
  while (at.kind === 'member' || at.kind === 'index' || at.kind === 'unary') at = at.of;
  return at.kind === 'name' ? at : undefined;
}

function lvalue(scope: Scope, expr: ExprNode): Target | undefined {
  if (expr.kind === 'name') {
    const found = lookUp(scope, expr);
    if (found) reportNoPlace(scope, expr, found.kind);
    return undefined;
  }
  return within(scope, expr, (base) => pointer(scope, base));
}

/** `*p`, `p[1]`, `p->m` or `p->m[1]`, where `resolve` tells what p points to; p alone too. */
function within(
  scope: Scope,
  expr: ExprNode,
  resolve: (base: ExprNode) => Target | undefined,
): Target | undefined {
  if (expr.kind === 'unary' && (expr.op === '*' || expr.op === '&')) {
    return expr.op === '*' ? resolve(expr.of) : within(scope, expr.of, resolve);
  }
  if (expr.kind === 'member') {
    const base = expr.of.kind === 'name' ? resolve(expr.of) : undefined;
    if (base) return memberOf(scope, base, expr.member);
  }
  if (expr.kind === 'index') {
    const base = expr.of.kind === 'member' ? within(scope, expr.of, resolve) : resolve(expr.of);
    return base && cellAt(scope, base, expr.index);
  }
  if (expr.kind === 'name') return resolve(expr);
  if (expr.kind !== 'member') {
    scope.reporter.add(expr, 'this is no place in memory', 'e.g. *k, k[1] or k->member');
  } else if (expr.of.kind !== 'name') {
    scope.reporter.add(expr, 'a member has no members', 'write k->member');
  }
  return undefined;
}

function pointer(scope: Scope, expr: ExprNode): Target | undefined {
  if (expr.kind === 'unary' && expr.op === '&') return lvalue(scope, expr.of);
  if (expr.kind === 'unary' && expr.op === '*') {
    const name = baseName(expr)?.text ?? 'k';
    scope.reporter.add(expr, 'an address is wanted here, not a value', `write ${name}`);
    return undefined;
  }
  if (expr.kind !== 'name') {
    scope.reporter.add(expr, 'this is no address', 'e.g. k or &k->member');
    return undefined;
  }
  const found = lookUp(scope, expr);
  if (found?.kind === 'address') {
    const { name, page } = found.of;
    return { ...wholePage({ name, page, mapping: name }), address: found.of };
  }
  if (found?.kind === 'variable') {
    const { name, value } = found.of;
    const page = { name, lines: [{ name, cells: [value], isArray: false }] };
    return wholePage({ name, page, mapping: name });
  }
  if (found) reportNoPlace(scope, expr, found.kind);
  return undefined;
}

function wholePage(base: {
  readonly name: string;
  readonly page: PageInfo;
  readonly mapping: string;
}): Target {
  const [line, ...more] = base.page.lines;
  const { name: text, page, mapping } = base;
  return { mapping, page, text, ...(line && more.length === 0 ? { line } : {}) };
}

function memberOf(scope: Scope, base: Target, member: Word): Target | undefined {
  const { page } = base;
  const names = page.lines.flatMap((line) => line.member ?? []);
  if (names.length === 0) {
    const hint = `write *${base.text} or ${base.text}[1]`;
    scope.reporter.add(member, `the page ${page.name} has no members`, hint);
    return undefined;
  }
  const line = page.lines.find((one) => one.member === member.text);
  if (line) return { ...base, line, text: `${base.text}->${member.text}` };
  const hint = suggestion(member.text, names, 'members');
  scope.reporter.add(member, `${page.name} has no line '${member.text}'`, hint);
  return undefined;
}

function cellAt(scope: Scope, base: Target, index: ExprNode): Target | undefined {
  const { line } = base;
  if (!line) {
    reportLineless(scope, index, base);
    return undefined;
  }
  if (index.kind !== 'number') {
    const hint = 'which cell an access goes to is fixed; use if';
    scope.reporter.add(index, 'the number of a cell is a constant', hint);
    return undefined;
  }
  const cell = constantValue({ ...index, negative: false }, scope.reporter);
  const count = line.cells.length;
  if (cell < count) return { ...base, cell, text: `${base.text}[${cell}]` };
  const cells = count === 1 ? 'one cell, 0' : `${count} cells, 0 to ${count - 1}`;
  scope.reporter.add(index, `${line.name} has no cell ${cell}`, `it has ${cells}`);
  return undefined;
}

function completed(scope: Scope, expr: ExprNode, target: Target): CellTarget | undefined {
  const { line, cell, mapping, text } = target;
  if (!line) {
    reportLineless(scope, expr, target);
    return undefined;
  }
  if (cell === undefined && line.member !== undefined && line.isArray) {
    const hint = `name the cell: ${text}[0]`;
    scope.reporter.add(expr, `${line.name} has ${line.cells.length} cells`, hint);
    return undefined;
  }
  return { ...target, line, access: { mapping, line: line.name, cell: cell ?? 0 } };
}

function reportLineless(scope: Scope, expr: ExprNode, { page, text }: Target): void {
  const names = page.lines.flatMap((line) => (line.member ? `${text}->${line.member}` : []));
  const hint = `name one: ${names.join(', ')}`;
  scope.reporter.add(expr, `the page ${page.name} has several lines`, hint);
}

function reportNoPlace(scope: Scope, expr: ExprNode & { kind: 'name' }, kind: string): void {
  const isPointer = kind === 'address' || kind === 'variable';
  const hint = isPointer ? `write *${expr.text}` : 'memory is reached through an address';
  const article = kind === 'address' ? 'an' : 'a';
  scope.reporter.add(expr, `'${expr.text}' is ${article} ${kind}, not a place in memory`, hint);
}
