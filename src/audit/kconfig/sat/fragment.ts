// What a configuration fragment comes to, as `conf --olddefconfig` makes a whole configuration of
// it, and which of its lines are not needed.

import { yesAnswers } from '../answers.ts';
import type { Answers } from '../answers.ts';
import { at } from '../../../base/index.ts';
import { Evaluator, maxDepth } from '../evaluate.ts';
import type { KconfigModel } from '../model.ts';
import { evaluationOrder } from '../order.ts';
import type { FragmentEntry } from './encoder.ts';
import type { Want } from './want.ts';

/** The value of a symbol by name; `undefined` where the port does not define it. */
export type ValueOf = (symbol: string) => string;

/** Values under a fragment; symbols without a line take their defaults. */
export function evaluateFragment(model: KconfigModel, fragment: readonly FragmentEntry[]): ValueOf {
  const answers = fragmentAnswers(model, fragment);
  let evaluator = new Evaluator(model, {}, maxDepth, answers);
  return (symbol) => {
    const id = model.names.find(symbol);
    if (id === undefined || !model.definitions.has(id)) return 'undefined';
    const first = evaluator.attempt((values) => values.text(id));
    if (first.done) return first.value;
    // Chains too long to be followed are calculated from their ends.
    evaluator = new Evaluator(model, {}, Number.POSITIVE_INFINITY, answers);
    evaluator.run(evaluationOrder(model));
    return evaluator.text(id);
  };
}

// Unlike in an all-yes run, what the fragment does not name is not answered; and reading it, the
// older conf answers every choice.
function fragmentAnswers(model: KconfigModel, fragment: readonly FragmentEntry[]): Answers {
  const preset = Object.fromEntries(fragment.map(({ symbol, value }) => [symbol, value]));
  const answers = yesAnswers(model, preset);
  if (fragment.length === 0 && model.choiceRules === 'classic') {
    for (const node of model.members.keys()) {
      const { symbol } = at(model.nodes, node);
      if (symbol !== -1) answers.tri[symbol] = 0;
    }
  }
  return { ...answers, asked: () => false };
}

/** Whether all wants are met by some values. */
export function meets(valueOf: ValueOf, wants: readonly Want[]): boolean {
  return wants.every(({ symbol, value, differs }) => {
    const found = valueOf(symbol);
    const equal = found === value || (found === 'undefined' && value === 'n');
    return equal !== (differs === true);
  });
}

/** Lines up to which dropping several at once does not pay. */
const fewLines = 8;

/**
 * Drops lines as long as the wants are still met: of long fragments halves, quarters and so on, then
 * one by one until none can go. `kept` are lines that stay in any case.
 */
export function minimiseFragment(
  model: KconfigModel,
  fragment: readonly FragmentEntry[],
  wants: readonly Want[],
  kept: readonly FragmentEntry[] = [],
): readonly FragmentEntry[] {
  let entries = fragment;
  const pass = (size: number): void => {
    for (let end = entries.length; end > 0; end -= size) {
      const fewer = [...entries.slice(0, Math.max(0, end - size)), ...entries.slice(end)];
      if (meets(evaluateFragment(model, [...kept, ...fewer]), wants)) entries = fewer;
    }
  };
  if (entries.length > fewLines) {
    for (let size = entries.length >> 1; size > 1; size >>= 1) pass(size);
  }
  let before = -1;
  while (before !== entries.length) {
    before = entries.length;
    pass(1);
  }
  return entries;
}
