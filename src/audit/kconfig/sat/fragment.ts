// What a configuration fragment comes to, as `conf --olddefconfig` makes a whole configuration of
// it, and which of its lines are not needed.

import { yesAnswers } from '../answers.ts';
import type { Answers } from '../answers.ts';
import { at } from '../../../base/index.ts';
import { Evaluator, maxDepth } from '../evaluate.ts';
import type { KconfigModel } from '../model.ts';
import type { SymbolId } from '../names.ts';
import { evaluationOrder } from '../order.ts';
import type { FragmentEntry } from './encoder.ts';
import type { Want } from './want.ts';

/** The value of a symbol by name; `undefined` where the port does not define it. */
export type ValueOf = (symbol: string) => string;

/** Values under a fragment; symbols without a line take their defaults. */
export function evaluateFragment(model: KconfigModel, fragment: readonly FragmentEntry[]): ValueOf {
  const values = new FragmentValues(model, fragment);
  return (symbol) => values.value(symbol);
}

/** One evaluated fragment. Lines can be taken out of it as long as that changes no value. */
export class FragmentValues {
  private readonly model: KconfigModel;
  private readonly tri: Int8Array;
  private readonly text: Map<SymbolId, string>;
  private readonly answers: Answers;
  private evaluator: Evaluator;

  constructor(model: KconfigModel, fragment: readonly FragmentEntry[]) {
    this.model = model;
    const preset = Object.fromEntries(fragment.map(({ symbol, value }) => [symbol, value]));
    const answers = yesAnswers(model, preset);
    this.tri = answers.tri;
    this.text = new Map(answers.text);
    if (fragment.length === 0) this.answerChoices();
    // Unlike in an all-yes run, what the fragment does not name is not answered.
    this.answers = { ...answers, text: this.text, asked: () => false };
    this.evaluator = new Evaluator(model, {}, maxDepth, this.answers);
  }

  // Reading a configuration, even an empty one, the older conf answers every choice.
  private answerChoices(): void {
    if (this.model.choiceRules !== 'classic') return;
    for (const node of this.model.members.keys()) {
      const { symbol } = at(this.model.nodes, node);
      if (symbol !== -1) this.tri[symbol] = 0;
    }
  }

  value(symbol: string): string {
    const id = this.model.names.find(symbol);
    if (id === undefined || !this.model.definitions.has(id)) return 'undefined';
    const first = this.evaluator.attempt((values) => values.text(id));
    if (first.done) return first.value;
    // Chains too long to be followed are calculated from their ends.
    this.evaluator = new Evaluator(this.model, {}, Number.POSITIVE_INFINITY, this.answers);
    this.evaluator.run(evaluationOrder(this.model));
    return this.evaluator.text(id);
  }

  /**
   * Whether a symbol has the same value without its answer, which is then gone. Members of choices
   * bear on each other; for them this is not told.
   */
  drop({ symbol }: FragmentEntry): boolean {
    const id = this.model.names.find(symbol);
    if (id === undefined || this.model.choiceOf.has(id)) return false;
    const before = this.value(symbol);
    const tri = at(this.tri, id);
    const text = this.text.get(id);
    this.tri[id] = -1;
    this.text.delete(id);
    if (this.evaluator.again(id) === before) return true;
    this.tri[id] = tri;
    if (text !== undefined) this.text.set(id, text);
    this.evaluator.again(id);
    return false;
  }
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
 * Drops lines as long as the wants are still met: first those that change nothing, then of long
 * fragments halves, quarters and so on, and then one by one until none can go. `kept` are lines
 * that stay in any case.
 */
export function minimiseFragment(
  model: KconfigModel,
  fragment: readonly FragmentEntry[],
  wants: readonly Want[],
  kept: readonly FragmentEntry[] = [],
): readonly FragmentEntry[] {
  const isEnough = (lines: readonly FragmentEntry[]): boolean =>
    meets(evaluateFragment(model, [...kept, ...lines]), wants);
  const values = new FragmentValues(model, [...kept, ...fragment]);
  const busy = fragment.filter((entry) => !values.drop(entry));
  let entries = busy.length < fragment.length && isEnough(busy) ? busy : fragment;
  // Whether a line was found to be needed, and another one dropped after it.
  let isKept = false;
  let again = false;
  const pass = (size: number): void => {
    for (let end = entries.length; end > 0; end -= size) {
      const fewer = [...entries.slice(0, Math.max(0, end - size)), ...entries.slice(end)];
      if (isEnough(fewer)) {
        entries = fewer;
        again ||= isKept;
      } else isKept = true;
    }
  };
  if (entries.length > fewLines) {
    for (let size = entries.length >> 1; size > 1; size >>= 1) pass(size);
  }
  do {
    isKept = false;
    again = false;
    pass(1);
  } while (again);
  return entries;
}
