// The menu tree as conf has it once all files are read: dependencies handed down, `if` blocks
// dissolved, submenus of entries that depend on the one before.
// @source scripts/kconfig/menu.c _menu_finalize() v6.12, menu_finalize() v6.1

import { at } from '../../../base/index.ts';
import type { SymbolType } from '../ast.ts';
import type { Expr } from '../expr.ts';
import { Stop } from '../lines.ts';
import type { KconfigModel, MenuNode } from '../model.ts';
import { idM, idN, idY } from '../names.ts';
import type { SymbolId } from '../names.ts';
import { checkSymbol } from './check-symbol.ts';
import { Simplifier } from './simplify.ts';
import {
  expr_alloc_and,
  expr_alloc_comp,
  expr_alloc_or,
  expr_alloc_symbol,
  expr_contains_symbol,
  expr_depends_symbol,
  expr_is_yes,
  expr_trans_compare,
  expr_transform,
  rewrite_m,
} from './transform.ts';
import type { ExprContext, MaybeExpr } from './transform.ts';

/** What an entry says in one line. `symbol` and `choice` are conf's own, up to 6.10. */
export type PropertyType =
  | 'prompt'
  | 'menu'
  | 'comment'
  | 'default'
  | 'select'
  | 'imply'
  | 'range'
  | 'symbol'
  | 'choice';

/** A line of an entry; `visible` is its condition with all that is handed down. */
export interface Property {
  readonly type: PropertyType;
  readonly file: string;
  readonly line: number;
  readonly menu: Menu;
  /** Of a prompt, a menu or a comment. */
  readonly text: string;
  /** Value of a default; target of a select or imply; low and high of a range. */
  readonly expr: MaybeExpr;
  readonly range?: readonly [SymbolId, SymbolId];
  /** The line in the model that says it. */
  readonly clause?: object;
  visible: MaybeExpr;
}

/** An entry. Links change while the tree is finished, and then no more. */
export interface Menu {
  /** Number of the node in the model. */
  readonly index: number;
  /** -1 where it has none. */
  readonly symbol: SymbolId;
  readonly node: MenuNode;
  readonly visibility: MaybeExpr;
  readonly properties: Property[];
  prompt: Property | undefined;
  dep: MaybeExpr;
  parent: Menu | undefined;
  next: Menu | undefined;
  list: Menu | undefined;
}

/** The finished tree. Menus are indexed by node number. */
export interface MenuTree {
  readonly model: KconfigModel;
  /** What rewriting the expressions of the tree needs. */
  readonly context: ExprContext;
  readonly menus: readonly Menu[];
  readonly root: Menu;
  /** Per symbol: what its entries say, in reading order. */
  readonly properties: ReadonlyMap<SymbolId, readonly Property[]>;
  readonly dirDep: ReadonlyMap<SymbolId, Expr>;
  readonly revDep: ReadonlyMap<SymbolId, Expr>;
  readonly implied: ReadonlyMap<SymbolId, Expr>;
  /** Up to 6.10, per choice symbol: its members. */
  readonly choiceMembers: ReadonlyMap<SymbolId, readonly SymbolId[]>;
  /** Up to 6.10, per member: its choice symbol. */
  readonly choiceOf: ReadonlyMap<SymbolId, SymbolId>;
}

/** Entries that may stand or depend below each other. */
export const maxTreeDepth = 1000;

/** Takes what conf says while it finishes the tree. */
export interface TreeListener {
  /** A line on stdout. */
  readonly say: (line: string) => void;
  /** `FILE:LINE:warning: TEXT` on stderr. */
  readonly warn: (place: { readonly file: string; readonly line: number }, text: string) => void;
}

/** Finishes the tree of a model that has been read. Throws Stop where it is too deep. */
export function menu_finalize(model: KconfigModel, listener: TreeListener): MenuTree {
  const tree = new TreeBuilder(model, listener);
  tree.finalize(tree.root, false);
  return tree;
}

/** The entries below one, in their order. */
export function* children(menu: Menu): Generator<Menu> {
  for (let child = menu.list; child !== undefined; child = child.next) yield child;
}

/** All entries below one, in their order. */
export function* subEntries(menu: Menu): Generator<Menu> {
  for (const child of children(menu)) {
    yield child;
    yield* subEntries(child);
  }
}

class TreeBuilder implements MenuTree {
  readonly model: KconfigModel;
  readonly menus: Menu[] = [];
  readonly root: Menu;
  readonly properties = new Map<SymbolId, Property[]>();
  readonly dirDep = new Map<SymbolId, Expr>();
  readonly revDep = new Map<SymbolId, Expr>();
  readonly implied = new Map<SymbolId, Expr>();
  readonly choiceMembers = new Map<SymbolId, SymbolId[]>();
  readonly choiceOf = new Map<SymbolId, SymbolId>();
  readonly #listener: TreeListener;
  readonly #classic: boolean;
  readonly context: ExprContext;
  readonly #simplifier: Simplifier;
  readonly #warned = new Set<SymbolId>();
  #depth = 0;

  constructor(model: KconfigModel, listener: TreeListener) {
    this.model = model;
    this.#listener = listener;
    this.#classic = model.choiceRules === 'classic';
    this.context = {
      classic: this.#classic,
      modules: model.modules ?? idN,
      typeOf: (id) => this.typeOf(id),
      nameOf: (id) => model.names.text(id),
      isConstant: (id) => model.names.isConstant(id),
      say: listener.say,
    };
    this.#simplifier = new Simplifier(this.context);
    const last: (Menu | undefined)[] = [];
    for (const [index, node] of model.nodes.entries()) {
      const parent = node.parent < 0 ? undefined : at(this.menus, node.parent);
      const menu = this.#menu(index, node, parent);
      this.menus.push(menu);
      if (parent === undefined) continue;
      const before = last[node.parent];
      if (before === undefined) parent.list = menu;
      else before.next = menu;
      last[node.parent] = menu;
    }
    this.root = at(this.menus, 0);
  }

  typeOf(id: SymbolId): SymbolType | undefined {
    return id <= idY ? 'tristate' : this.model.types.get(id);
  }

  #menu(index: number, node: MenuNode, parent: Menu | undefined): Menu {
    const and = (list: readonly { readonly expr: Expr }[]): MaybeExpr =>
      list.reduce<MaybeExpr>((all, { expr }) => expr_alloc_and(all, expr), undefined);
    const menu: Menu = {
      index,
      symbol: node.symbol,
      node,
      visibility: and(node.body.visible),
      properties: [],
      prompt: undefined,
      dep: and(node.depends),
      parent,
      next: undefined,
      list: undefined,
    };
    const text = node.kind === 'root' ? this.model.mainmenu : node.title;
    if (node.kind === 'root' || node.kind === 'menu' || node.kind === 'comment') {
      const type = node.kind === 'comment' ? 'comment' : 'menu';
      menu.prompt = this.#add(menu, { type, text, line: node.line });
    }
    if (node.symbol !== -1) this.#addAll(menu, parent);
    return menu;
  }

  // The lines of an entry in the order in which they were written.
  #addAll(menu: Menu, parent: Menu | undefined): void {
    const { kind, body, symbol, line } = menu.node;
    if (this.#classic) {
      this.#add(menu, { type: 'symbol', expr: expr_alloc_symbol(symbol), line });
      if (kind === 'choice') this.#add(menu, { type: 'choice', line });
    }
    const adders: { readonly line: number; readonly add: () => void }[] = [];
    const later = (one: Written): void => {
      adders.push({ line: one.line, add: () => void this.#add(menu, one) });
    };
    for (const [place, prompt] of body.prompts.entries()) {
      const isMenu = kind === 'menuconfig' && place === body.prompts.length - 1;
      adders.push({
        line: prompt.line,
        add: () => {
          const visible = visibleAbove(prompt.condition, parent);
          const type = isMenu ? 'menu' : 'prompt';
          menu.prompt = this.#add(menu, { type, text: prompt.text, line: prompt.line, visible });
        },
      });
    }
    for (const one of body.defaults) {
      const { value: expr, line: at_, condition: visible } = one;
      later({ type: 'default', expr, line: at_, visible, clause: one });
    }
    for (const one of [...body.selects, ...body.implies]) {
      const expr = expr_alloc_symbol(one.target);
      later({ type: one.kind, expr, line: one.line, visible: one.condition });
    }
    for (const one of body.ranges) {
      const { low, high, line: at_, condition: visible } = one;
      later({ type: 'range', range: [low, high], line: at_, visible, clause: one });
    }
    adders.sort((a, b) => a.line - b.line);
    for (const { add } of adders) add();
  }

  #add(menu: Menu, written: Written): Property {
    const { text = '', expr, visible, ...rest } = written;
    const property = { ...rest, text, expr, visible, menu, file: menu.node.file };
    menu.properties.push(property);
    if (menu.symbol === -1) return property;
    const list = this.properties.get(menu.symbol);
    if (list === undefined) this.properties.set(menu.symbol, [property]);
    else list.push(property);
    return property;
  }

  isChoice(menu: Menu): boolean {
    return menu.node.kind === 'choice';
  }

  finalize(parent: Menu, insideChoice: boolean): void {
    const { symbol } = parent;
    this.#depth += 1;
    if (this.#depth > maxTreeDepth) throw tooDeep(parent.node);
    if (parent.list !== undefined) {
      const isClassicChoice = this.#classic && this.isChoice(parent);
      const parentDep = isClassicChoice ? expr_alloc_symbol(symbol) : parent.dep;
      for (const menu of children(parent)) this.#handDown(menu, parentDep);
      for (const menu of children(parent)) {
        this.finalize(menu, this.isChoice(parent) && !this.#classic);
      }
    } else if (symbol !== -1 && !insideChoice) {
      this.#makeSubmenu(parent);
      const dep = expr_alloc_or(this.dirDep.get(symbol), parent.dep);
      if (dep !== undefined) this.dirDep.set(symbol, dep);
    }
    for (let menu = parent.list; menu !== undefined; menu = menu.next) {
      if (this.#classic && this.isChoice(parent)) this.#takeMember(parent, menu);
      flatten(parent, menu);
    }
    this.#depth -= 1;
    if (symbol === -1) return;
    this.#check(parent);
    if (!this.#classic || !this.isChoice(parent) || parent.prompt === undefined) return;
    if (parent.node.body.optional) return;
    const seen = expr_alloc_and(parent.prompt.visible, expr_alloc_symbol(idM));
    const dep = expr_alloc_or(this.revDep.get(symbol), seen);
    if (dep !== undefined) this.revDep.set(symbol, dep);
  }

  #handDown(menu: Menu, parentDep: MaybeExpr): void {
    const base = this.#joined(parentDep, menu.dep);
    menu.dep = base;
    for (const property of menu.properties) {
      property.visible = this.#joined(base, property.visible);
      const { type, expr } = property;
      if ((type !== 'select' && type !== 'imply') || expr?.kind !== 'symbol') continue;
      const map = type === 'select' ? this.revDep : this.implied;
      const by = expr_alloc_and(expr_alloc_symbol(menu.symbol), property.visible);
      const all = expr_alloc_or(map.get(expr.id), by);
      if (all !== undefined) map.set(expr.id, all);
    }
  }

  #joined(above: MaybeExpr, own: MaybeExpr): MaybeExpr {
    const rewritten = expr_transform(rewrite_m(own, this.context), this.context);
    return this.#simplifier.expr_eliminate_dups(expr_alloc_and(above, rewritten));
  }

  #compared(expr: MaybeExpr): MaybeExpr {
    const compared = expr_transform(expr_trans_compare(expr, '!='), this.context);
    return this.#simplifier.expr_eliminate_dups(compared);
  }

  #makeSubmenu(parent: Menu): void {
    const base = this.#compared(parent.prompt?.visible);
    let last: Menu | undefined;
    for (let menu = parent.next; menu !== undefined; menu = menu.next) {
      const dep = menu.prompt === undefined ? menu.dep : menu.prompt.visible;
      if (!expr_contains_symbol(dep, parent.symbol)) break;
      if (!expr_depends_symbol(dep, parent.symbol)) {
        const [, left] = this.#simplifier.expr_eliminate_eq(this.#compared(dep), base);
        if (!expr_is_yes(left)) break;
      }
      this.finalize(menu, false);
      menu.parent = parent;
      last = menu;
    }
    if (last === undefined) return;
    parent.list = parent.next;
    parent.next = last.next;
    last.next = undefined;
  }

  // Up to 6.10: an entry that is still directly in a choice is a member of it.
  #takeMember(choice: Menu, menu: Menu): void {
    const { symbol } = menu;
    if (symbol === -1 || this.choiceOf.has(symbol)) return;
    this.choiceOf.set(symbol, choice.symbol);
    if (menu.prompt === undefined) this.#warnMenu(menu, 'choice value must have a prompt');
    for (const property of this.properties.get(symbol) ?? []) {
      if (property.type === 'default') {
        this.#listener.warn(property, 'defaults for choice values not supported');
      }
      if (property.menu === menu || property.type !== 'prompt') continue;
      if (property.menu.parent?.symbol !== choice.symbol) {
        this.#listener.warn(property, 'choice value used outside its choice group');
      }
    }
    if (this.typeOf(choice.symbol) === 'tristate' && this.typeOf(symbol) !== 'tristate') {
      const isY = expr_alloc_comp('=', choice.symbol, idY);
      menu.dep = expr_alloc_and(isY, menu.dep);
      for (const property of menu.properties) {
        property.visible = expr_alloc_and(isY, property.visible);
      }
    }
    const members = this.choiceMembers.get(choice.symbol);
    if (members === undefined) this.choiceMembers.set(choice.symbol, [symbol]);
    else members.push(symbol);
  }

  #check(menu: Menu): void {
    const { symbol } = menu;
    if (this.#warned.has(symbol)) return;
    this.#warned.add(symbol);
    if (this.typeOf(symbol) === undefined) {
      this.#warnMenu(menu, 'config symbol defined without type');
    }
    if (this.#classic && this.isChoice(menu) && menu.prompt === undefined) {
      this.#warnMenu(menu, 'choice must have a prompt');
    }
    checkSymbol(this, symbol, this.#listener);
  }

  #warnMenu({ node: { file, line } }: Menu, text: string): void {
    this.#listener.warn({ file, line }, text);
  }
}

function tooDeep({ file, line }: MenuNode): Stop {
  return new Stop({
    what: `entries stand below each other deeper than ${maxTreeDepth} levels`,
    where: `${file}:${line}`,
    hint: 'conf itself would go on until its stack is full',
  });
}

interface Written {
  readonly type: PropertyType;
  readonly line: number;
  readonly text?: string;
  readonly expr?: Expr;
  readonly range?: readonly [SymbolId, SymbolId];
  readonly clause?: object;
  readonly visible?: MaybeExpr;
}

// The condition of a prompt with what the menus around it ask for.
function visibleAbove(condition: MaybeExpr, parent: Menu | undefined): MaybeExpr {
  let visible = condition;
  for (let menu = parent; menu !== undefined; menu = menu.parent) {
    visible = expr_alloc_and(visible, menu.visibility);
  }
  return visible;
}

// What stands in an `if`, or below an entry that is not shown, moves one level up.
function flatten(parent: Menu, menu: Menu): void {
  const first = menu.list;
  if (first === undefined || menu.prompt !== undefined) return;
  let last = first;
  for (const child of children(menu)) {
    child.parent = parent;
    last = child;
  }
  last.next = menu.next;
  menu.next = first;
  menu.list = undefined;
}
