// All that a small Kconfig text can come to, by trying every combination of answers.

import { evaluateFragment } from '../src/audit/kconfig/index.ts';
import type { FragmentEntry, KconfigModel } from '../src/audit/kconfig/index.ts';

/** All configurations, each as the values of the symbols in their order. */
export interface Reachable {
  readonly symbols: readonly string[];
  readonly configurations: readonly (readonly string[])[];
}

/** Whether some configuration has all these values. */
export function isReachable(
  { symbols, configurations }: Reachable,
  values: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(values).map(
    ([symbol, value]) => [symbols.indexOf(symbol), value] as const,
  );
  return configurations.some((one) => wanted.every(([index, value]) => one[index] === value));
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
  const count = choices.reduce((product, list) => product * list.length, 1);
  if (count > most) return undefined;
  const found = new Map<string, readonly string[]>();
  for (let number = 0; number < count; number += 1) {
    let rest = number;
    const fragment = choices.flatMap((list): readonly FragmentEntry[] => {
      const entry = list[rest % list.length];
      rest = Math.floor(rest / list.length);
      return entry === undefined ? [] : [entry];
    });
    const valueOf = evaluateFragment(model, fragment);
    const values = symbols.map(valueOf);
    found.set(values.join('\0'), values);
  }
  return { symbols, configurations: [...found.values()] };
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
