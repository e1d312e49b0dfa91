// The auto.conf of the last time.
// @source scripts/kconfig/confdata.c conf_read_simple() with S_DEF_AUTO v6.1, v6.12

import { sym_string_valid } from '../conf/set.ts';
import type { ConfState } from '../conf/state.ts';
import type { SymbolId } from '../names.ts';

/** Values by symbol, and names that no Kconfig file mentions. */
export interface AutoValues {
  readonly values: ReadonlyMap<SymbolId, string>;
  readonly unknown: readonly string[];
}

/** Reads the text of an auto.conf, whose strings are written as they are. */
export function readAuto(conf: ConfState, text: string): AutoValues {
  const values = new Map<SymbolId, string>();
  const unknown: string[] = [];
  for (const line of text.split('\n')) {
    const match = /^CONFIG_([^=]*)=(.*)$/.exec(line);
    if (match === null) continue;
    const [, name = '', value = ''] = match;
    const id = conf.model.names.find(name);
    if (id === undefined || !conf.isMet(id)) unknown.push(name);
    else if (conf.typeOf(id) !== undefined && sym_string_valid(conf, id, value)) {
      values.set(id, conf.isLogic(id) ? value.slice(0, 1) : value);
    }
  }
  return { values, unknown };
}
