// Values of all symbols when every question is answered with yes, as the kernel's own conf gives
// them for `allyesconfig`. The order of the steps is conf's, so that even recursive dependencies
// come out the same.
// @source scripts/kconfig/symbol.c sym_calc_value(), conf.c conf_set_all_new_symbols() v6.1, v6.12

import { at, never } from '../../base/index.ts';
import type { DefaultClause, SymbolType } from './ast.ts';
import { compareOperands, leadingNumber } from './compare.ts';
import type { Expr } from './expr.ts';
import type { KconfigModel, KconfigNote, MenuNode, Reverse } from './model.ts';
import { idM, idN, idY } from './names.ts';
import { max, min, toTri, triText } from './tri.ts';
import type { Tri } from './tri.ts';
import type { SymbolId } from './names.ts';
import { memberSymbols, yesAnswers } from './answers.ts';
import type { Answers } from './answers.ts';

/** Symbols whose calculation may wait for each other before the order is worked out first. */
export const maxDepth = 400;

class TooDeep extends Error {
  override name = 'TooDeep';
}

// States of a symbol; 0 is: not looked at yet.
const busy = 1;
const done = 2;

/** Calculates the values of one model under one preset, each symbol once. */
export class Evaluator {
  readonly notes: KconfigNote[] = [];
  private readonly model: KconfigModel;
  private readonly limit: number;
  private readonly classic: boolean;
  private readonly states: Uint8Array;
  private readonly tris: Uint8Array;
  private readonly visibles: Uint8Array;
  private readonly writes: Uint8Array;
  private readonly user: Answers;
  private readonly texts = new Map<SymbolId, string>();
  /** -1 where not calculated yet. */
  private readonly nodeDeps: Int8Array;
  private readonly nodeVisible: Int8Array;
  private modulesTri: Tri = 0;
  private depth = 0;

  /** `answers` are the user's where they are not those of an all-yes run after `preset`. */
  constructor(
    model: KconfigModel,
    preset: Readonly<Record<string, string>>,
    limit: number,
    answers: Answers = yesAnswers(model, preset),
  ) {
    const size = model.names.size();
    this.model = model;
    this.limit = limit;
    this.classic = model.choiceRules === 'classic';
    this.states = new Uint8Array(size);
    this.tris = new Uint8Array(size);
    this.visibles = new Uint8Array(size);
    this.writes = new Uint8Array(size);
    this.nodeDeps = new Int8Array(model.nodes.length).fill(-1);
    this.nodeVisible = new Int8Array(model.nodes.length).fill(-1);
    for (const id of [idN, idM, idY]) {
      this.tris[id] = id;
      this.states[id] = done;
    }
    this.user = answers;
  }

  /** Calculates all symbols; false where the depth limit was hit (the object is of no use then). */
  run(order: readonly SymbolId[]): boolean {
    return this.attempt(() => {
      for (const id of order) this.calculate(id);
    }).done;
  }

  /** One question, after the value of the modules symbol, which all others see. */
  attempt<T>(
    question: (evaluator: Evaluator) => T,
  ): { readonly done: true; readonly value: T } | { readonly done: false } {
    try {
      const { modules } = this.model;
      if (modules !== undefined && this.states[modules] !== done) {
        this.calculate(modules);
        this.modulesTri = this.readTri(modules);
      }
      return { done: true, value: question(this) };
    } catch (error) {
      if (error instanceof TooDeep) return { done: false };
      throw error;
    }
  }

  /** The text of a symbol, calculated anew after its answer was changed; all others stay. */
  again(id: SymbolId): string {
    this.states[id] = 0;
    return this.text(id);
  }

  tri(id: SymbolId): Tri {
    this.calculate(id);
    return this.readTri(id);
  }

  text(id: SymbolId): string {
    this.calculate(id);
    const type = this.model.types.get(id);
    if (type === 'bool' || type === 'tristate') return triText(this.readTri(id));
    return this.texts.get(id) ?? this.model.names.text(id);
  }

  visible(id: SymbolId): Tri {
    this.calculate(id);
    return toTri(this.visibles[id]);
  }

  written(id: SymbolId): boolean {
    this.calculate(id);
    return this.writes[id] === 1;
  }

  dependency(expr: Expr): Tri {
    return this.value(expr, true);
  }

  nodeDependency(index: number): Tri {
    const known = at(this.nodeDeps, index);
    if (known >= 0) return toTri(known);
    const node = at(this.model.nodes, index);
    let value: Tri = node.parent < 0 ? 2 : this.parentDependency(node.parent);
    for (const clause of node.depends) value = min(value, this.value(clause.expr, true));
    if (this.classic) value = min(value, this.classicMemberLimit(node));
    this.nodeDeps[index] = value;
    return value;
  }

  // Classic choices bound their members by their own value instead of their dependencies.
  private parentDependency(index: number): Tri {
    const parent = at(this.model.nodes, index);
    if (this.classic && parent.kind === 'choice' && parent.symbol !== -1) {
      return this.tri(parent.symbol);
    }
    return this.nodeDependency(index);
  }

  // A bool member of a tristate choice needs the choice to be y.
  private classicMemberLimit(node: MenuNode): Tri {
    if (node.symbol === -1 || node.kind === 'choice') return 2;
    const choice = this.model.choiceOf.get(node.symbol);
    if (choice === undefined) return 2;
    const symbol = at(this.model.nodes, choice).symbol;
    if (symbol === -1 || this.model.types.get(symbol) !== 'tristate') return 2;
    if (this.model.types.get(node.symbol) === 'tristate') return 2;
    return this.tri(symbol) === 2 ? 2 : 0;
  }

  // Whether the `visible if` of the menus around a node let its prompt be seen.
  private menuVisible(index: number): Tri {
    const known = at(this.nodeVisible, index);
    if (known >= 0) return toTri(known);
    const node = at(this.model.nodes, index);
    let value: Tri = 2;
    if (node.parent >= 0) {
      value = this.menuVisible(node.parent);
      const parent = at(this.model.nodes, node.parent);
      for (const clause of parent.body.visible) value = min(value, this.value(clause.expr, true));
    }
    this.nodeVisible[index] = value;
    return value;
  }

  private readTri(id: SymbolId): Tri {
    return toTri(this.tris[id]);
  }

  private calculate(id: SymbolId): void {
    const state = this.states[id];
    if (state === done) return;
    if (state === busy) {
      this.recursion(id);
      return;
    }
    this.depth += 1;
    if (this.depth > this.limit) throw new TooDeep('dependencies');
    this.states[id] = busy;
    this.calculateFresh(id);
    this.states[id] = done;
    this.depth -= 1;
  }

  private recursion(id: SymbolId): void {
    if (this.model.choiceOf.has(id)) return;
    const [index] = this.model.definitions.get(id) ?? [];
    const node = index === undefined ? undefined : this.model.nodes[index];
    if (node === undefined || node.kind === 'choice') return;
    const text = `recursive dependency: ${this.model.names.text(id)} depends on itself`;
    if (this.notes.some((note) => note.text === text)) return;
    this.notes.push({ file: node.file, line: node.line, text });
  }

  private calculateFresh(id: SymbolId): void {
    const type = this.model.types.get(id);
    if (type === undefined) {
      this.texts.set(id, this.model.names.text(id));
      return;
    }
    if (type !== 'bool' && type !== 'tristate') {
      this.texts.set(id, this.classic || type === 'string' ? '' : type === 'int' ? '0' : '0x0');
    }
    this.visibles[id] = this.visibility(id, type);
    if (this.visibles[id] !== 0) this.writes[id] = 1;
    const choice = this.model.choiceOf.get(id);
    if (type !== 'bool' && type !== 'tristate') this.calculateText(id, type);
    else if (choice !== undefined && !this.classic) this.pickModern(choice);
    else if (choice !== undefined && this.visibles[id] === 2) {
      const symbol = at(this.model.nodes, choice).symbol;
      if (symbol !== -1) this.calculate(symbol);
      this.tris[id] = this.pickClassic(choice) === id ? 2 : 0;
    } else this.calculateTri(id, type);
    if (this.isChoice(id)) this.writes[id] = 0;
  }

  private visibility(id: SymbolId, type: SymbolType): Tri {
    let value: Tri = 0;
    for (const index of this.model.definitions.get(id) ?? []) {
      const node = at(this.model.nodes, index);
      for (const prompt of node.body.prompts) {
        let seen = min(this.nodeDependency(index), this.menuVisible(index));
        if (prompt.condition !== undefined) seen = min(seen, this.value(prompt.condition, true));
        if (this.hiddenInChoice(id, type, seen)) seen = 0;
        value = max(value, seen);
      }
    }
    if (value === 1 && (type !== 'tristate' || this.modulesTri === 0)) value = 2;
    return value;
  }

  private hiddenInChoice(id: SymbolId, type: SymbolType, seen: Tri): boolean {
    if (!this.classic || type !== 'tristate' || seen !== 1) return false;
    const choice = this.model.choiceOf.get(id);
    if (choice === undefined) return false;
    const symbol = at(this.model.nodes, choice).symbol;
    return symbol !== -1 && this.readTri(symbol) === 2;
  }

  private calculateTri(id: SymbolId, type: SymbolType): void {
    const member = this.model.choiceOf.has(id);
    const isBool = type === 'bool' || this.modulesTri === 0;
    const direct = member ? 0 : this.promoted(this.directDependency(id), isBool);
    const reverse = member ? 0 : this.promoted(this.reverseDependency(id), isBool);
    const implied = member
      ? 0
      : this.promoted(this.reverseValue(this.model.impliedBy.get(id)), isBool);
    const visible = toTri(this.visibles[id]);
    let value: Tri = 0;
    if (visible !== 0 && this.hasAnswer(id)) value = min(this.answer(id), visible);
    else {
      if (reverse !== 0) this.writes[id] = 1;
      if (!this.isChoice(id)) {
        const found = this.activeDefault(id);
        if (found !== undefined) {
          value = min(this.value(found.clause.value, false), found.active);
          if (value !== 0) this.writes[id] = 1;
        }
        if (implied !== 0) {
          this.writes[id] = 1;
          value = min(max(value, implied), direct);
        }
      }
    }
    value = this.promoted(max(value, reverse), isBool);
    this.tris[id] = value;
  }

  private hasAnswer(id: SymbolId): boolean {
    return this.user.tri[id] !== -1 || this.user.asked(id);
  }

  // n where there is none.
  private answer(id: SymbolId): Tri {
    const preset = at(this.user.tri, id);
    if (preset >= 0) return toTri(preset);
    return this.user.asked(id) ? 2 : 0;
  }

  private promoted(value: Tri, isBool: boolean): Tri {
    return value === 1 && isBool ? 2 : value;
  }

  private calculateText(id: SymbolId, type: SymbolType): void {
    const user = this.user.text.get(id);
    if (this.visibles[id] !== 0 && user !== undefined) this.texts.set(id, user);
    else {
      const found = this.activeDefault(id);
      const env = this.envOf(id);
      if (env !== undefined) this.texts.set(id, env);
      else if (found !== undefined && found.clause.value.kind === 'symbol') {
        this.writes[id] = 1;
        this.texts.set(id, this.text(found.clause.value.id));
      }
    }
    if (type === 'int' || type === 'hex') this.limitToRange(id, type === 'int' ? 10 : 16);
  }

  private envOf(id: SymbolId): string | undefined {
    for (const index of this.model.definitions.get(id) ?? []) {
      const variable = at(this.model.nodes, index).body.env;
      if (variable !== undefined) return this.model.environment[variable] ?? '';
    }
    return undefined;
  }

  private limitToRange(id: SymbolId, base: 10 | 16): void {
    for (const index of this.model.definitions.get(id) ?? []) {
      for (const range of at(this.model.nodes, index).body.ranges) {
        if (this.conditional(index, range.condition) === 0) continue;
        const value = leadingNumber(this.texts.get(id) ?? '', base);
        if (value < leadingNumber(this.text(range.low), base)) {
          this.texts.set(id, this.text(range.low));
        } else if (value > leadingNumber(this.text(range.high), base)) {
          this.texts.set(id, this.text(range.high));
        }
        return;
      }
    }
  }

  private conditional(node: number, condition: Expr | undefined): Tri {
    const value = this.nodeDependency(node);
    return condition === undefined ? value : min(value, this.value(condition, true));
  }

  private activeDefault(
    id: SymbolId,
  ): { readonly clause: DefaultClause; readonly active: Tri } | undefined {
    for (const index of this.model.definitions.get(id) ?? []) {
      for (const clause of at(this.model.nodes, index).body.defaults) {
        const active = this.conditional(index, clause.condition);
        if (active !== 0) return { clause, active };
      }
    }
    return undefined;
  }

  // The dependencies of all definitions together; y for a choice, which has none of this kind. Like
  // conf, a definition without any is passed over where another one has some: imply is then bound
  // by the other (test: "imply is bound by the definitions that have dependencies").
  private directDependency(id: SymbolId): Tri {
    if (this.isChoice(id)) return 2;
    const nodes = this.model.definitions.get(id) ?? [];
    const bound = nodes.length < 2 ? nodes : nodes.filter((index) => this.isBound(index));
    if (bound.length === 0) return 2;
    let value: Tri = 0;
    for (const index of bound) value = max(value, this.nodeDependency(index));
    return value;
  }

  // Whether a node or a block around it has a dependency written.
  private isBound(index: number): boolean {
    for (let node = index; node >= 0; node = at(this.model.nodes, node).parent) {
      const { depends, kind } = at(this.model.nodes, node);
      if (depends.length > 0) return true;
      if (kind === 'choice' && this.classic) return true;
    }
    return false;
  }

  // Classic rules: a choice that is not optional is at least m where its prompt can be seen.
  private reverseDependency(id: SymbolId): Tri {
    if (!this.isChoice(id)) return this.reverseValue(this.model.selectedBy.get(id));
    const [index] = this.model.definitions.get(id) ?? [];
    if (!this.classic || index === undefined) return 0;
    return at(this.model.nodes, index).body.optional ? 0 : min(toTri(this.visibles[id]), 1);
  }

  private reverseValue(list: readonly Reverse[] | undefined): Tri {
    let value: Tri = 0;
    for (const { by, node, clause } of list ?? []) {
      value = max(value, min(this.tri(by), this.conditional(node, clause.condition)));
    }
    return value;
  }

  private isChoice(id: SymbolId): boolean {
    const [index] = this.model.definitions.get(id) ?? [];
    return index !== undefined && at(this.model.nodes, index).kind === 'choice';
  }

  // The chosen member under the rules up to 6.10.
  private pickClassic(choice: number): SymbolId | undefined {
    const symbol = at(this.model.nodes, choice).symbol;
    if (symbol === -1 || this.readTri(symbol) !== 2) return undefined;
    const members = memberSymbols(this.model, choice);
    for (const member of members) this.refreshVisible(member);
    const picked = this.user.picked.get(choice);
    if (picked !== undefined && this.visibles[picked] !== 0) return picked;
    return this.defaultMember(choice, members);
  }

  // The chosen member under the rules since 6.11; sets all visible members.
  private pickModern(choice: number): void {
    const members = memberSymbols(this.model, choice);
    const order = this.user.priority.get(choice) ?? members;
    for (const member of order) this.refreshVisible(member);
    const seen = order.filter((member) => this.visibles[member] !== 0);
    let picked = seen.find((member) => this.answer(member) === 2);
    if (picked === undefined) {
      const preferred = this.defaultMember(choice, members);
      if (preferred !== undefined && !(this.hasAnswer(preferred) && this.answer(preferred) === 0))
        picked = preferred;
    }
    picked ??= members.find((id) => this.visibles[id] !== 0 && !this.hasAnswer(id));
    picked ??= seen.at(-1);
    for (const member of seen) {
      this.tris[member] = member === picked ? 2 : 0;
      this.writes[member] = 1;
      this.states[member] = done;
    }
  }

  private refreshVisible(id: SymbolId): void {
    this.visibles[id] = this.visibility(id, this.model.types.get(id) ?? 'bool');
  }

  private defaultMember(choice: number, members: readonly SymbolId[]): SymbolId | undefined {
    for (const clause of at(this.model.nodes, choice).body.defaults) {
      if (clause.value.kind !== 'symbol') continue;
      if (this.conditional(choice, clause.condition) === 0) continue;
      if (this.visibles[clause.value.id] !== 0) return clause.value.id;
    }
    return members.find((member) => this.visibles[member] !== 0);
  }

  private value(expr: Expr, needsModules: boolean): Tri {
    switch (expr.kind) {
      case 'symbol': {
        if (expr.id === idM && needsModules) return min(1, this.modulesTri);
        return this.tri(expr.id);
      }
      case 'not':
        return toTri(2 - this.value(expr.a, needsModules));
      case 'and':
        return min(this.value(expr.a, needsModules), this.value(expr.b, needsModules));
      case 'or':
        return max(this.value(expr.a, needsModules), this.value(expr.b, needsModules));
      case 'compare': {
        const { types } = this.model;
        const a = { text: this.text(expr.a), type: this.typeOf(expr.a, types) };
        const b = { text: this.text(expr.b), type: this.typeOf(expr.b, types) };
        return compareOperands(a, expr.op, b) ? 2 : 0;
      }
      default:
        return never(expr, 'expression');
    }
  }

  private typeOf(id: SymbolId, types: KconfigModel['types']): SymbolType | undefined {
    return id <= idY ? 'tristate' : types.get(id);
  }
}
