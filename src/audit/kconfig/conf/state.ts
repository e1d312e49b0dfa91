// What the kernel's conf keeps of each symbol while it runs: what the user has answered, and what
// was calculated of it. The functions beside this file bear conf's names and work on it.
// @source scripts/kconfig/expr.h struct symbol, struct menu v6.1, v6.12

import { at } from '../../../base/index.ts';
import type { SymbolType } from '../ast.ts';
import type { Expr } from '../expr.ts';
import type { KconfigModel, MenuNode, Reverse } from '../model.ts';
import { idM, idN, idY } from '../names.ts';
import type { SymbolId } from '../names.ts';
import { memberSymbols, subEntries } from './menu.ts';
import { toTri } from '../tri.ts';
import type { Tri } from '../tri.ts';

/** Symbols whose calculation may wait for each other before the order is worked out first. */
export const maxDepth = 400;

/** Thrown where symbols wait for each other too deeply; caught where values are asked. */
export class TooDeep extends Error {
  override name = 'TooDeep';
}

/**
 * Expressions as conf has rewritten them: what it has found to be constant it does not calculate,
 * which tells in the order of its warnings and where symbols wait for each other. Absent means y
 * for a condition, and that there are none for selects and implies.
 */
export interface Rewritten {
  readonly dep: (node: number) => Expr | undefined;
  /** Of each prompt of a node, what it asks for with all that is handed down. */
  readonly prompts: (node: number) => readonly (Expr | undefined)[];
  /** The same of a default or range. */
  readonly clause: (clause: object) => Expr | undefined;
  readonly direct: (id: SymbolId) => Expr | undefined;
  readonly reverse: (id: SymbolId) => Expr | undefined;
  readonly implied: (id: SymbolId) => Expr | undefined;
}

/** One run of conf over a model. Arrays are indexed by symbol or node number. */
export class ConfState {
  readonly model: KconfigModel;
  /** Choices up to 6.10 are symbols that may be m, and their members hang on their value. */
  readonly classic: boolean;

  /** 1 where the user has answered (SYMBOL_DEF_USER). */
  readonly hasUser: Uint8Array;
  /** The answer; stays when the flag goes. */
  readonly userTri: Uint8Array;
  readonly userText = new Map<SymbolId, string>();
  /** Up to 6.10, per choice symbol: the member that the user has taken. */
  readonly userPick = new Map<SymbolId, SymbolId>();
  /** Since 6.11, per choice node: its members, what was answered last first. */
  readonly order = new Map<number, SymbolId[]>();
  /** Up to 6.10: SYMBOL_NEED_SET_CHOICE_VALUES. */
  readonly needSet: Uint8Array;

  /** 1: calculated; 2: being calculated, with the value that a recursive question finds. */
  readonly valid: Uint8Array;
  readonly tri: Uint8Array;
  readonly visible: Uint8Array;
  readonly direct: Uint8Array;
  readonly reverse: Uint8Array;
  readonly implied: Uint8Array;
  /** 1 where conf writes the symbol into .config. */
  readonly write: Uint8Array;
  readonly text: (string | undefined)[];
  /** Up to 6.10, per choice symbol: the member that it has taken. */
  readonly picked = new Map<SymbolId, SymbolId>();
  /** Visibility of the last prompt of each node, as last calculated. */
  readonly promptTri: Uint8Array;

  /** Values of node dependencies and of `visible if`, good while `epoch` stays. */
  readonly nodeTri: Uint8Array;
  readonly nodeEpoch: Int32Array;
  readonly menuTri: Uint8Array;
  readonly menuEpoch: Int32Array;
  epoch = 1;

  /** Where it is there, calculated in place of what the model says. */
  rewritten: Rewritten | undefined;

  modulesTri: Tri = 0;
  depth = 0;
  limit = maxDepth;
  /** Where dependencies are too deep: symbols, each after those that it depends on. */
  calculationOrder: readonly SymbolId[] | undefined;
  /** Whether they have been calculated in that order since all was invalid. */
  isSettled = false;
  /** Whether the configuration differs from the file that it was read from. */
  changed = true;
  /** Called where a symbol is selected though its dependencies are not met. */
  unmet: (id: SymbolId) => void = () => undefined;
  /** Warnings about a configuration file that the user may turn into errors. */
  warnings = 0;
  /** Symbols that were met while they were being calculated, choices and their members aside. */
  readonly recursive = new Set<SymbolId>();

  /** Member nodes of classic choices. */
  readonly isMemberNode: Uint8Array;
  /** Types by symbol: 0 none, then in the order of `typeCodes`. */
  readonly type: Uint8Array;

  // The model's tables as arrays: they are asked some hundred thousand times.
  readonly #definitions: readonly (readonly number[])[];
  readonly #selectedBy: readonly (readonly Reverse[])[];
  readonly #impliedBy: readonly (readonly Reverse[])[];
  readonly #members = new Map<number, readonly SymbolId[]>();
  readonly #entries = new Map<number, readonly SymbolId[]>();
  #met: ReadonlySet<SymbolId> | undefined;
  readonly #choiceNodes: Int32Array;
  readonly #memberOf: Int32Array;

  constructor(model: KconfigModel) {
    const size = model.names.size();
    const nodes = model.nodes.length;
    this.model = model;
    this.classic = model.choiceRules === 'classic';
    const bytes = (): Uint8Array => new Uint8Array(size);
    this.hasUser = bytes();
    this.userTri = bytes();
    this.needSet = bytes();
    this.valid = bytes();
    this.tri = bytes();
    this.visible = bytes();
    this.direct = bytes();
    this.reverse = bytes();
    this.implied = bytes();
    this.write = bytes();
    this.type = bytes();
    this.text = [];
    this.promptTri = new Uint8Array(nodes);
    this.nodeTri = new Uint8Array(nodes);
    this.nodeEpoch = new Int32Array(nodes);
    this.menuTri = new Uint8Array(nodes);
    this.menuEpoch = new Int32Array(nodes);
    this.isMemberNode = new Uint8Array(nodes);
    for (const list of model.members.values()) for (const node of list) this.isMemberNode[node] = 1;
    this.#definitions = asArray(model.definitions);
    this.#selectedBy = asArray(model.selectedBy);
    this.#impliedBy = asArray(model.impliedBy);
    this.#choiceNodes = new Int32Array(size).fill(-1);
    this.#memberOf = new Int32Array(size).fill(-1);
    for (const choice of model.members.keys()) {
      this.#choiceNodes[at(model.nodes, choice).symbol] = choice;
    }
    for (const [id, choice] of model.choiceOf) this.#memberOf[id] = choice;
    for (const [id, type] of model.types) this.type[id] = typeCodes.indexOf(type) + 1;
    for (const id of [idN, idM, idY]) {
      this.tri[id] = id;
      this.valid[id] = 1;
    }
  }

  typeOf(id: SymbolId): SymbolType | undefined {
    return typeCodes[at(this.type, id) - 1];
  }

  isLogic(id: SymbolId): boolean {
    const code = this.type[id];
    return code === boolCode || code === tristateCode;
  }

  isTristate(id: SymbolId): boolean {
    return this.type[id] === tristateCode;
  }

  /** The defining nodes of a symbol, in reading order. */
  nodesOf(id: SymbolId): readonly number[] {
    return this.#definitions[id] ?? [];
  }

  /** The `select` lines that name a symbol. */
  selectsOf(id: SymbolId): readonly Reverse[] {
    return this.#selectedBy[id] ?? [];
  }

  /** The `imply` lines that name a symbol. */
  impliesOf(id: SymbolId): readonly Reverse[] {
    return this.#impliedBy[id] ?? [];
  }

  /** Whether a Kconfig file of this port mentions the name unquoted. */
  isMet(id: SymbolId): boolean {
    if (this.type[id] !== 0) return true;
    this.#met ??= new Set(this.model.creation);
    return this.#met.has(id);
  }

  /** The node of a choice whose symbol this is; -1 for all others. */
  choiceNode(id: SymbolId): number {
    return at(this.#choiceNodes, id);
  }

  /** The choice node whose member this is; undefined for all others. */
  memberOf(id: SymbolId): number | undefined {
    const choice = at(this.#memberOf, id);
    return choice < 0 ? undefined : choice;
  }

  /** The symbol of a choice node. */
  choiceSymbol(choice: number): SymbolId {
    return at(this.model.nodes, choice).symbol;
  }

  /** The members of a choice node in reading order, each once. */
  members(choice: number): readonly SymbolId[] {
    let members = this.#members.get(choice);
    if (members === undefined) {
      members = memberSymbols(this.model, choice);
      this.#members.set(choice, members);
    }
    return members;
  }

  /** Everything with a symbol inside a choice, in reading order. */
  entries(choice: number): readonly SymbolId[] {
    if (this.classic) return this.members(choice);
    let entries = this.#entries.get(choice);
    if (entries === undefined) {
      entries = subEntries(this.model, choice);
      this.#entries.set(choice, entries);
    }
    return entries;
  }

  /** Since 6.11: members in the order in which the user's answers count. */
  priority(choice: number): SymbolId[] {
    let order = this.order.get(choice);
    if (order === undefined) {
      order = [...this.members(choice)];
      this.order.set(choice, order);
    }
    return order;
  }

  node(index: number): MenuNode {
    return at(this.model.nodes, index);
  }

  curr(id: SymbolId): Tri {
    return toTri(this.tri[id]);
  }

  /** As it was made: nothing answered, nothing calculated. */
  restart(): void {
    // The values as well: where symbols wait for each other, what was there before shows through.
    const answers = [this.hasUser, this.userTri, this.needSet];
    const values = [this.tri, this.visible, this.direct, this.reverse, this.implied, this.write];
    for (const bytes of [...answers, ...values, this.promptTri]) bytes.fill(0);
    for (const id of [idN, idM, idY]) this.tri[id] = id;
    this.text.length = 0;
    for (const map of [this.userText, this.userPick, this.order, this.picked]) map.clear();
    this.recursive.clear();
    this.modulesTri = 0;
    this.depth = 0;
    this.changed = true;
    this.clearValid();
  }

  /** Nothing is calculated any more but constants. */
  clearValid(): void {
    this.valid.fill(0);
    this.isSettled = false;
    for (const id of [idN, idM, idY]) this.valid[id] = 1;
    this.epoch += 1;
  }

  /** One symbol is to be calculated anew. */
  invalidate(id: SymbolId): void {
    this.valid[id] = 0;
    this.epoch += 1;
  }
}

// With holes where there is nothing: to fill them would take longer than most questions.
function asArray<T>(map: ReadonlyMap<SymbolId, readonly T[]>): readonly (readonly T[])[] {
  const lists: (readonly T[])[] = [];
  for (const [id, list] of map) lists[id] = list;
  return lists;
}

const typeCodes: readonly SymbolType[] = ['bool', 'tristate', 'int', 'hex', 'string'];
const boolCode = 1;
const tristateCode = 2;
