// All primitives in one table, in the order of the reference page.

import { icacheMaintenance, lineMaintenance, pageMaintenance } from './cache.ts';
import { copies, files, kernelCalls, mappings } from './copies.ts';
import { accesses, barriers, bits, locks } from './memory.ts';
import type { Primitive } from './primitive.ts';

/** Every primitive; names are unique. */
export const primitives: readonly Primitive[] = [
  ...accesses,
  ...barriers,
  ...locks,
  ...bits,
  ...pageMaintenance,
  ...lineMaintenance,
  ...icacheMaintenance,
  ...copies,
  ...files,
  ...mappings,
  ...kernelCalls,
];

const byName: ReadonlyMap<string, Primitive> = new Map(primitives.map((p) => [p.name, p]));

/** The primitive of that name. */
export function primitiveByName(name: string): Primitive | undefined {
  return byName.get(name);
}

/** `xchg(p, v)`, with what may be left out in brackets. */
export function signature({ name, params }: Primitive): string {
  const optional = params.filter((param) => param.optional).map((param) => `, ${param.name}`);
  const needed = params.filter((param) => !param.optional).map((param) => param.name);
  const rest = optional.length > 0 ? `[${optional.join('')}]` : '';
  return `${name}(${needed.join(', ')}${rest})`;
}
