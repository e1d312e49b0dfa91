// An order in which the symbols can be calculated without deep recursion: dependencies first.
// Needed only for inputs whose dependencies form very long chains; no kernel tree has them.

import { at } from '../../base/index.ts';
import { eachSymbol } from './expr.ts';
import type { Expr } from './expr.ts';
import type { KconfigModel, Reverse } from './model.ts';
import type { SymbolId } from './names.ts';

/** Every defined symbol, each after the symbols that its value may depend on (cycles cut). */
export function evaluationOrder(model: KconfigModel): readonly SymbolId[] {
  const order: SymbolId[] = [];
  const seen = new Set<SymbolId>();
  for (const start of model.definitions.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack: { readonly id: SymbolId; readonly next: Iterator<SymbolId> }[] = [];
    stack.push({ id: start, next: needs(model, start) });
    while (stack.length > 0) {
      const top = at(stack, stack.length - 1);
      const step = top.next.next();
      if (step.done === true) {
        order.push(top.id);
        stack.pop();
      } else if (!seen.has(step.value)) {
        seen.add(step.value);
        stack.push({ id: step.value, next: needs(model, step.value) });
      }
    }
  }
  return order;
}

/** The symbols that the value of one symbol may be calculated from. */
export function needs(model: KconfigModel, id: SymbolId): Iterator<SymbolId> {
  const found = new Set<SymbolId>();
  const add = (expr: Expr | undefined): void => {
    if (expr !== undefined) eachSymbol(expr, (symbol) => found.add(symbol));
  };
  const nodes = [...(model.definitions.get(id) ?? [])];
  const choice = model.choiceOf.get(id);
  if (choice !== undefined) nodes.push(choice, ...(model.members.get(choice) ?? []));
  for (const index of nodes) {
    const { body } = at(model.nodes, index);
    for (const clause of body.prompts) add(clause.condition);
    for (const clause of body.defaults) {
      add(clause.condition);
      add(clause.value);
    }
    for (const clause of body.ranges) {
      add(clause.condition);
      found.add(clause.low).add(clause.high);
    }
    addBlocks(model, index, add);
  }
  for (const list of [model.selectedBy.get(id), model.impliedBy.get(id)]) {
    for (const reverse of list ?? []) addReverse(model, reverse, found, add);
  }
  return found.values();
}

function addReverse(
  model: KconfigModel,
  reverse: Reverse,
  found: Set<SymbolId>,
  add: (expr: Expr | undefined) => void,
): void {
  found.add(reverse.by);
  add(reverse.clause.condition);
  addBlocks(model, reverse.node, add);
}

// The dependencies of a node and of the blocks around it.
function addBlocks(
  model: KconfigModel,
  index: number,
  add: (expr: Expr | undefined) => void,
): void {
  for (let node = index; node >= 0; node = at(model.nodes, node).parent) {
    const { depends, body } = at(model.nodes, node);
    for (const clause of depends) add(clause.expr);
    for (const clause of body.visible) add(clause.expr);
  }
}
