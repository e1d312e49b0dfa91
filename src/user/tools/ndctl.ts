// `ndctl list` and `daxctl list`: the nvdimm buses and device-dax devices of the model, as JSON.

import { type Linux, daxInstances, ndBuses } from '../../kernel/index.ts';
import type { Ran } from './shell.ts';

/** Buses, regions and namespaces, as `ndctl list -BRNiu` prints them. */
export function ndctl(linux: Linux): Ran {
  return { rc: 0, stdout: printed(ndBuses(linux)), stderr: '' };
}

/** Device-dax devices, as `daxctl list -u` prints them. */
export function daxctl(linux: Linux): Ran {
  return { rc: 0, stdout: printed(daxInstances(linux)), stderr: '' };
}

// One record stands without brackets, and there is no space behind a name.
function printed(records: readonly object[]): string {
  const [only, ...more] = records;
  const shown = only !== undefined && more.length === 0 ? only : records;
  return `${JSON.stringify(shown, undefined, 2).replaceAll(/^(\s*"\w+":) /gm, '$1')}\n`;
}
