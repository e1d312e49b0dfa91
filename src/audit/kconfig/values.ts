// The values of an all-yes configuration, calculated as they are asked for.

import { Evaluator, maxDepth } from './evaluate.ts';
import type { Expr } from './expr.ts';
import type { KconfigModel, KconfigNote } from './model.ts';
import type { SymbolId } from './names.ts';
import { evaluationOrder } from './order.ts';
import type { Tri } from './tri.ts';

/** The raw outcome of an evaluation, by symbol number. */
export interface Values {
  tri(id: SymbolId): Tri;
  /** The value as text: y, m, n, a number or a string. Symbols without type are their own name. */
  text(id: SymbolId): string;
  visible(id: SymbolId): Tri;
  /** Whether conf would write the symbol into .config. */
  written(id: SymbolId): boolean;
  /** Value of an expression as a dependency (`m` counts only with modules). */
  dependency(expr: Expr): Tri;
  /** All dependencies of a node: its own and those of the blocks around it. */
  nodeDependency(node: number): Tri;
  /** What was odd during evaluation: recursive dependencies. Calculates all symbols. */
  notes(): readonly KconfigNote[];
}

/**
 * Answers every visible question with yes, after the values of `preset`. A symbol is calculated
 * when it is asked for; only where that meets a recursive dependency, or a chain too deep for it,
 * all are calculated in a fixed order, so that the answers never depend on who asks first.
 */
export function evaluateAllYes(
  model: KconfigModel,
  preset: Readonly<Record<string, string>>,
): Values {
  let evaluator = new Evaluator(model, preset, maxDepth);
  let complete = false;
  const completed = (): Evaluator => {
    if (complete) return evaluator;
    complete = true;
    const first = new Evaluator(model, preset, maxDepth);
    const fits = first.run([...model.definitions.keys()]);
    evaluator = fits ? first : new Evaluator(model, preset, Number.POSITIVE_INFINITY);
    if (!fits) evaluator.run(evaluationOrder(model));
    return evaluator;
  };
  const ask = <T>(question: (evaluator: Evaluator) => T): T => {
    if (complete) return question(evaluator);
    const answer = evaluator.attempt(question);
    const settled = answer.done && evaluator.notes.length === 0;
    return settled ? answer.value : question(completed());
  };
  return {
    tri: (id) => ask((values) => values.tri(id)),
    text: (id) => ask((values) => values.text(id)),
    visible: (id) => ask((values) => values.visible(id)),
    written: (id) => ask((values) => values.written(id)),
    dependency: (expr) => ask((values) => values.dependency(expr)),
    nodeDependency: (node) => ask((values) => values.nodeDependency(node)),
    notes: () => completed().notes,
  };
}
