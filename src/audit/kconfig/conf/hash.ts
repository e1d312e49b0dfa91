// The order in which conf goes through all symbols: its hash table, whose buckets have the newest
// symbol first. Up to 6.10 random configurations depend on it; messages and auto.conf always do.
// @source scripts/kconfig/symbol.c sym_lookup(), strhash(), expr.h SYMBOL_HASHSIZE v6.1
// @source scripts/include/hash.h hash_str(), scripts/kconfig/internal.h SYMBOL_HASHSIZE v6.12

import type { KconfigModel } from '../model.ts';
import type { SymbolId } from '../names.ts';

/** All symbols with a type, choices among them, in conf's order. */
export function symbolOrder(model: KconfigModel): readonly SymbolId[] {
  return inOrder(
    model,
    model.creation.filter((id) => model.types.has(id)),
  );
}

/** All symbols that are mentioned, choices among them, in conf's order. */
export function hashOrder(model: KconfigModel): readonly SymbolId[] {
  return inOrder(model, model.creation);
}

function inOrder(model: KconfigModel, symbols: readonly SymbolId[]): readonly SymbolId[] {
  const bucketCount = model.choiceRules === 'classic' ? 9973 : 1 << 14;
  const placed = symbols.map((id) => ({ id, bucket: hashOf(model, id) % bucketCount }));
  return placed
    .reverse()
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ id }) => id);
}

function hashOf({ names }: KconfigModel, id: SymbolId): number {
  // A choice has no name, and stands in the first bucket.
  if (names.isConstant(id)) return 0;
  const name = names.text(id);
  let hash = 2166136261;
  for (let i = 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}
