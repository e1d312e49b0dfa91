// The model while it grows: entries of the menu tree in reading order, and what they say of
// symbols. Both readers fill it: read.ts for the auditor, front/ for what behaves like conf.
// @source scripts/kconfig/menu.c v6.1 and v6.12

import { at, present } from '../../base/index.ts';
import type { Body, SymbolType } from './ast.ts';
import type { Place } from './lines.ts';
import type { ChoiceRules, KconfigModel, MenuNode, Reverse } from './model.ts';
import type { NameTable, SymbolId } from './names.ts';
import { membersOutsideSubmenus } from './submenu.ts';

/** Hears of what conf or we take otherwise than it is written. */
export interface BuildListener {
  /** A symbol that has a type is given another one, which is ignored. */
  readonly typeIgnored: (symbol: SymbolId, known: SymbolType, ignored: SymbolType) => void;
  readonly odd: (text: string) => void;
}

/** The parts of a model that come of its entries. */
export type BuiltParts = Pick<
  KconfigModel,
  | 'nodes'
  | 'definitions'
  | 'types'
  | 'selectedBy'
  | 'impliedBy'
  | 'members'
  | 'choiceOf'
  | 'creation'
  | 'modules'
>;

/** Takes entries in reading order. */
export class ModelBuilder {
  /** Unquoted names and choices in the order in which conf meets them. */
  readonly created = new Set<SymbolId>();
  private readonly names: NameTable;
  private readonly choiceRules: ChoiceRules;
  private readonly listener: BuildListener;
  private readonly nodes: MenuNode[] = [];
  private readonly definitions = new Map<SymbolId, number[]>();
  private readonly types = new Map<SymbolId, SymbolType>();
  private readonly selectedBy = new Map<SymbolId, Reverse[]>();
  private readonly impliedBy = new Map<SymbolId, Reverse[]>();
  private readonly members = new Map<number, number[]>();
  private readonly choiceOf = new Map<SymbolId, number>();
  private modules: SymbolId | undefined;

  constructor(names: NameTable, choiceRules: ChoiceRules, listener: BuildListener) {
    this.names = names;
    this.choiceRules = choiceRules;
    this.listener = listener;
  }

  parts(): BuiltParts {
    const { nodes, definitions, types, selectedBy, impliedBy, members, choiceOf, modules } = this;
    const creation = [...this.created];
    return {
      nodes,
      definitions,
      types,
      selectedBy,
      impliedBy,
      members,
      choiceOf,
      creation,
      modules,
    };
  }

  /** How many nodes there are: the number of the next one. */
  nodeCount(): number {
    return this.nodes.length;
  }

  // Called some twenty thousand times for a port: one object, no spreading.
  addNode(
    kind: MenuNode['kind'],
    symbol: SymbolId,
    body: Body,
    parent: number,
    place: Place,
    title = '',
  ): number {
    const { depends } = body;
    const { path: file, line } = place;
    return this.nodes.push({ kind, parent, symbol, depends, body, title, file, line }) - 1;
  }

  /** An entry for a symbol; `choice` is the node of the choice that it stands in, or -1. */
  addConfig(
    kind: 'config' | 'menuconfig',
    symbol: SymbolId,
    body: Body,
    { parent, place, choice }: { parent: number; place: Place; choice: number },
  ): void {
    const node = this.addNode(kind, symbol, body, parent, place);
    addTo(this.definitions, symbol, node);
    this.setTypes(symbol, body);
    for (const clause of body.selects)
      addTo(this.selectedBy, clause.target, { by: symbol, node, clause });
    for (const clause of body.implies)
      addTo(this.impliedBy, clause.target, { by: symbol, node, clause });
    if (body.modules) {
      if (this.modules !== undefined && this.modules !== symbol) {
        this.listener.odd('a second symbol says "modules"; the first one counts');
      } else this.modules = symbol;
    }
    if (choice >= 0) this.member(symbol, node, body, choice);
  }

  private member(symbol: SymbolId, node: number, body: Body, choice: number): void {
    if (body.prompts.length === 0) this.listener.odd('a choice member has no prompt');
    addTo(this.members, choice, node);
    if (!this.choiceOf.has(symbol)) this.choiceOf.set(symbol, choice);
  }

  /** A choice, whose members follow; call closeChoice() behind the last. */
  openChoice(symbol: SymbolId, body: Body, parent: number, place: Place): number {
    const node = this.addNode('choice', symbol, body, parent, place);
    addTo(this.definitions, symbol, node);
    this.setTypes(symbol, body);
    this.members.set(node, []);
    return node;
  }

  closeChoice(node: number): void {
    const { symbol } = at(this.nodes, node);
    if (this.choiceRules === 'classic') this.dropSubmenus(node);
    const members = (this.members.get(node) ?? []).map((index) =>
      present(this.nodes[index], 'node'),
    );
    if (this.choiceRules === 'one-of') this.types.set(symbol, 'bool');
    const first = members.map((member) => this.typeIn(member)).find((type) => type !== undefined);
    const type = this.types.get(symbol) ?? first;
    if (type === undefined) return;
    this.types.set(symbol, type);
    for (const member of members) {
      if (member.symbol !== -1 && !this.types.has(member.symbol))
        this.types.set(member.symbol, type);
    }
  }

  /** The type that a symbol has so far. */
  typeOf(symbol: SymbolId): SymbolType | undefined {
    return this.types.get(symbol);
  }

  /** A symbol that says `modules`, so far. */
  modulesSymbol(): SymbolId | undefined {
    return this.modules;
  }

  /** Gives a symbol its type, which another one does not change any more. */
  setType(symbol: SymbolId, type: SymbolType): void {
    const known = this.types.get(symbol);
    if (known === undefined) this.types.set(symbol, type);
    else if (known !== type) this.listener.typeIgnored(symbol, known, type);
  }

  private setTypes(symbol: SymbolId, body: Body): void {
    for (const { type } of body.types) if (type !== undefined) this.setType(symbol, type);
    if (body.env !== undefined && !this.types.has(symbol)) this.types.set(symbol, 'string');
  }

  // Up to 6.10, entries of a choice that depend on the member before them form a submenu of it and
  // are no members themselves.
  private dropSubmenus(choice: number): void {
    const members = this.members.get(choice) ?? [];
    const kept = membersOutsideSubmenus(this.nodes, members);
    this.members.set(choice, kept);
    for (const index of members) {
      const { symbol } = at(this.nodes, index);
      if (kept.includes(index) || symbol === -1) continue;
      if (this.choiceOf.get(symbol) === choice) this.choiceOf.delete(symbol);
    }
  }

  private typeIn(node: MenuNode): SymbolType | undefined {
    return node.symbol === -1 ? undefined : this.types.get(node.symbol);
  }

  /** A choice has no name of its own: its place serves, numbered where a file is sourced twice. */
  choiceSymbol({ path, line }: Place): SymbolId {
    for (let turn = 1; ; turn += 1) {
      const suffix = turn === 1 ? '' : `#${turn}`;
      const id = this.names.intern(`<choice ${path}:${line}${suffix}>`, true);
      if (!this.definitions.has(id)) return id;
    }
  }
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
