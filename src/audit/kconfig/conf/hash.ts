// The order in which conf up to 6.10 goes through all symbols: its hash table, whose buckets have
// the newest symbol first. Random configurations depend on it.
// @source scripts/kconfig/symbol.c sym_lookup(), strhash(), expr.h SYMBOL_HASHSIZE v6.1

import type { KconfigModel } from '../model.ts';
import type { SymbolId } from '../names.ts';

const bucketCount = 9973;

/** All symbols with a type, choices among them, in conf's order. */
export function symbolOrder(model: KconfigModel): readonly SymbolId[] {
  const typed = model.creation.filter((id) => model.types.has(id)).reverse();
  const placed = typed.map((id) => ({ id, bucket: bucketOf(model, id) }));
  return placed.sort((a, b) => a.bucket - b.bucket).map(({ id }) => id);
}

function bucketOf({ names }: KconfigModel, id: SymbolId): number {
  // A choice has no name, and stands in the first bucket.
  if (names.isConstant(id)) return 0;
  const name = names.text(id);
  let hash = 2166136261;
  for (let i = 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash % bucketCount;
}
