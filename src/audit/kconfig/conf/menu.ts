// Walks over the menu tree.

import { at } from '../../../base/index.ts';
import type { KconfigModel } from '../model.ts';
import type { SymbolId } from '../names.ts';

/** The members of a choice node in reading order, each once. */
export function memberSymbols(model: KconfigModel, choice: number): readonly SymbolId[] {
  const symbols = new Set<SymbolId>();
  for (const index of model.members.get(choice) ?? []) {
    const { symbol } = at(model.nodes, index);
    if (symbol !== -1) symbols.add(symbol);
  }
  return [...symbols];
}

/** The symbols of all entries below a node in reading order; one may stand there twice. */
export function subEntries(model: KconfigModel, top: number): readonly SymbolId[] {
  const symbols: SymbolId[] = [];
  const end = endOf(model, top);
  for (let index = top + 1; index < end; index += 1) {
    const { symbol } = at(model.nodes, index);
    if (symbol !== -1) symbols.push(symbol);
  }
  return symbols;
}

/** The number behind the last node inside `top`; nodes are numbered as they are read. */
export function endOf(model: KconfigModel, top: number): number {
  let end = top + 1;
  while (end < model.nodes.length && isInside(model, end, top)) end += 1;
  return end;
}

function isInside(model: KconfigModel, index: number, top: number): boolean {
  for (let node = at(model.nodes, index).parent; node >= top; node = at(model.nodes, node).parent) {
    if (node === top) return true;
  }
  return false;
}
