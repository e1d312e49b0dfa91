// Types as conf names them in messages.
// @source scripts/kconfig/symbol.c sym_type_name() v6.12

import type { SymbolType } from '../ast.ts';

/** The type as messages name it. */
export function sym_type_name(type: SymbolType | undefined): string {
  if (type === undefined) return 'unknown';
  return type === 'int' ? 'integer' : type;
}
