// What is asked of a configuration: `FS_DAX=y`, `NR_CPUS=64`, `ARM_LPAE!=n`.

import { fail, ok } from '../../../base/index.ts';
import type { Result } from '../../../base/index.ts';

/** One thing that a configuration is to fulfil. */
export interface Want {
  /** Name without CONFIG_. */
  readonly symbol: string;
  /** y, m, n, or the text of a number or string. */
  readonly value: string;
  /** Whether the symbol is to have any other value than this one. */
  readonly differs?: boolean;
}

/** Reads `NAME=VALUE`, `NAME!=VALUE` or `NAME` (which means y); CONFIG_ and quotes may be there. */
export function parseWant(text: string): Result<Want> {
  const match = /^(?:CONFIG_)?(\w+)(?:(!?)=(.*))?$/.exec(text.trim());
  if (match === null) {
    return fail({
      what: `'${text}' is no question about a symbol`,
      hint: 'write NAME=y, NAME=m, NAME=n, NAME=64 or NAME!=n',
    });
  }
  const [, symbol = '', not = '', written = 'y'] = match;
  const value = /^"(.*)"$/.exec(written)?.[1] ?? written;
  return ok({ symbol, value, ...(not === '' ? {} : { differs: true }) });
}

/** The want as it is written on a command line. */
export function formatWant({ symbol, value, differs }: Want): string {
  return `${symbol}${differs === true ? '!=' : '='}${value}`;
}
