// What users see of namespaces and device-dax instances through ndctl(1) and daxctl(1).
// @source drivers/nvdimm/namespace_devs.c drivers/nvdimm/region_devs.c v6.12

import { kernfs_name_hash } from '../../fs/kernfs/dir.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { DaxBus, dev_dax_by_name } from '../dax/bus.ts';
import { type NdNamespace, type NdRegion, NdGlobals, namespaceName } from './nd.ts';

/** Buses in the order in which ndctl finds them. */
const PROVIDERS: readonly (readonly [NdRegion['provider'], string])[] = [
  ['e820', 'ndbus1'],
  ['ACPI.NFIT', 'ndbus0'],
  ['virtio-pmem', 'ndbus2'],
];

/** Buses with their regions and namespaces, with the names and the texts of `ndctl list -BRNiu`. */
export function ndBuses(linux: Linux): readonly object[] {
  const { namespaces } = subsystem(linux, NdGlobals);
  return PROVIDERS.map(([provider, dev]) => {
    // ndctl puts what it reads in the order of the folder in front of what it has.
    const own = namespaces
      .filter(({ region }) => region.provider === provider)
      .toSorted((a, b) => folderOrder(b) - folderOrder(a));
    return { provider, dev, regions: own.map((one) => regionRecord(one)) };
  }).filter(({ regions }) => regions.length > 0);
}

function folderOrder({ region }: NdNamespace): number {
  return kernfs_name_hash(`region${region.id}`);
}

function regionRecord(namespace: NdNamespace): object {
  const { region } = namespace;
  return {
    dev: `region${region.id}`,
    size: humanSize(region.size),
    align: humanSize(16 * 2 ** 20),
    available_size: 0,
    max_available_extent: 0,
    type: 'pmem',
    persistence_domain: region.persist_cache ? 'cpu_cache' : 'unknown',
    namespaces: [namespaceRecord(namespace)],
  };
}

/** Without a driver no superblock shows: a namespace is raw, or what its region makes it. */
function namespaceRecord(namespace: NdNamespace): object {
  const { region, claim, align } = namespace;
  const dev = namespaceName(namespace);
  const attached = namespace.drvdata.peek();
  const raw = region.pagemap ? { mode: 'fsdax', map: 'mem' } : { mode: 'raw' };
  if (attached === undefined) {
    return { dev, ...raw, size: humanSize(region.size), sector_size: 512, state: 'disabled' };
  }
  const blockdev = attached.name;
  const size = humanSize(attached.size);
  const own = { size, uuid: 'UUID' };
  switch (claim.kind) {
    case 'raw':
      return { dev, ...raw, size, sector_size: 512, blockdev };
    case 'pfn':
      return { dev, mode: 'fsdax', map: claim.map, ...own, sector_size: 512, align, blockdev };
    case 'btt':
      return { dev, mode: 'sector', ...own, sector_size: claim.sector_size, blockdev };
    case 'dax':
      return { dev, mode: 'devdax', map: 'dev', ...own, chardev: blockdev, align };
  }
}

/** Instances with the names and texts of `daxctl list -u`. */
export function daxInstances(linux: Linux): readonly object[] {
  const { devices } = subsystem(linux, DaxBus);
  return devices.peek().map(({ name, size, align }) => ({
    chardev: name,
    size: humanSize(size),
    target_node: 0,
    align,
    mode: 'devdax',
    ...(dev_dax_by_name(linux, name) === undefined ? { state: 'disabled' } : {}),
  }));
}

/** `510.00 MiB (534.77 MB)`; below a MiB as bytes. */
function humanSize(bytes: number): string {
  if (bytes < 2 ** 20) return String(bytes);
  return `${(bytes / 2 ** 20).toFixed(2)} MiB (${(bytes / 1e6).toFixed(2)} MB)`;
}
