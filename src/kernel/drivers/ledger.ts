// What drivers hold: each thing that some attach takes and some detach must give back. Whoever
// compares two ledgers, before an attach and after all is over, sees what was lost in between.

import { BlockGlobals } from '../block/genhd.ts';
import { type Linux, subsystem } from '../linux.ts';
import type { Shared } from '../shared.ts';
import { DcssblkGlobals } from './s390/block/dcssblk.ts';
import { Modules } from './base/module.ts';
import { DaxBus } from './dax/bus.ts';
import { DaxGlobals } from './dax/super.ts';
import { DeviceMapper } from './md/dm-core.ts';
import { NdGlobals } from './nvdimm/nd.ts';

/** All that is held, one line for each thing, sorted; twice where it is held twice. */
export function ledger(linux: Linux): readonly string[] {
  const { allocated } = subsystem(linux, BlockGlobals);
  const { iomem, mapped } = subsystem(linux, NdGlobals);
  const { loaded, registered } = subsystem(linux, DcssblkGlobals);
  const { refcnt } = subsystem(linux, Modules);
  return [
    ...used(allocated, (disk) => `disk ${disk?.disk_name ?? '?'}`),
    ...used(linux.dax.dax_minor_ida, () => 'a DAX device'),
    ...used(linux.dax.dax_hosts, () => 'a host entry'),
    ...used(iomem, (name) => `region ${name ?? '?'}`),
    ...used(mapped, () => 'mapped memory'),
    ...used(subsystem(linux, DaxBus).ranges, (name) => `range of ${name ?? '?'} in its region`),
    ...used(subsystem(linux, DeviceMapper).minor_idr, (_, minor) => `minor ${minor} of dm`),
    ...loaded.peek().map((name) => `segment ${name}`),
    ...registered.peek().map((name) => `registered device ${name}`),
    ...Object.entries(refcnt).flatMap(([name, count]) =>
      Array.from({ length: count.peek() }, () => `reference of module ${name}`),
    ),
  ].toSorted();
}

function used<V>(table: Shared<V>, text: (value: V, key: number) => string): readonly string[] {
  return table.keys().map((key) => text(table.peek(key), key));
}

/** Lines of `after` that `before` has not: what was taken and not given back. */
export function leftOver(before: readonly string[], after: readonly string[]): readonly string[] {
  const known = [...before];
  return after.filter((line) => {
    const index = known.indexOf(line);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}

/** Tables whose cells are freed by setting them back: doing that twice is a fault. */
export function isLedgerTable(linux: Linux, table: object): boolean {
  const { allocated } = subsystem(linux, BlockGlobals);
  const { iomem, mapped } = subsystem(linux, NdGlobals);
  const { inodes } = subsystem(linux, DaxGlobals);
  const { minor_idr } = subsystem(linux, DeviceMapper);
  const { ranges } = subsystem(linux, DaxBus);
  const tables: readonly object[] = [allocated, iomem, mapped, inodes, minor_idr, ranges];
  return tables.includes(table);
}
