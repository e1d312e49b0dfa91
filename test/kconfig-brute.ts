// All that a small Kconfig text can come to, by trying every combination of answers.

import { evaluateFragment } from '../src/audit/kconfig/index.ts';
import type { FragmentEntry, KconfigModel } from '../src/audit/kconfig/index.ts';

/** Which values each symbol can have. */
export interface Reachable {
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  readonly configurations: number;
}

/**
 * Tries all answers to the symbols named, `texts` for numbers and strings by type; undefined where
 * that is more than `most` combinations.
 */
export function reachable(
  model: KconfigModel,
  symbols: readonly string[],
  texts: Readonly<Record<string, readonly string[]>>,
  most: number,
): Reachable | undefined {
  const choices = symbols.map((symbol) => answersOf(model, symbol, texts));
  const configurations = choices.reduce((product, list) => product * list.length, 1);
  if (configurations > most) return undefined;
  const values = new Map(symbols.map((symbol) => [symbol, new Set<string>()]));
  for (let number = 0; number < configurations; number += 1) {
    let rest = number;
    const fragment = choices.flatMap((list): readonly FragmentEntry[] => {
      const entry = list[rest % list.length];
      rest = Math.floor(rest / list.length);
      return entry === undefined ? [] : [entry];
    });
    const valueOf = evaluateFragment(model, fragment);
    for (const symbol of symbols) values.get(symbol)?.add(valueOf(symbol));
  }
  return { values, configurations };
}

// No answer is one of the answers; without a prompt there is no other.
function answersOf(
  model: KconfigModel,
  symbol: string,
  texts: Readonly<Record<string, readonly string[]>>,
): readonly (FragmentEntry | undefined)[] {
  const id = model.names.find(symbol) ?? -1;
  const nodes = model.definitions.get(id) ?? [];
  const asked = nodes.some((index) => (model.nodes[index]?.body.prompts.length ?? 0) > 0);
  const type = model.types.get(id);
  if (!asked || type === undefined) return [undefined];
  const list =
    type === 'bool' ? ['n', 'y'] : type === 'tristate' ? ['n', 'm', 'y'] : (texts[type] ?? []);
  return [undefined, ...list.map((value) => ({ symbol, value }))];
}
