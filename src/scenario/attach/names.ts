// What the kernel model calls a step that can fail, and which call in C fails by it. The model
// names what runs out, deep inside; C sees a function that gives an error.

import type { AttachDriver } from './drivers.ts';
import type { LearntAttach } from './learnt.ts';
import { DISK_MAKERS } from './learnt-calls.ts';

/** One chance of the model. */
export interface ChanceName {
  /** Its name in the model, or the first words of it. */
  readonly chance: string;
  /** Functions of C that fail by it, the usual one first. */
  readonly calls: readonly string[];
  /** The functions of C whose body has that call; empty: that of any driver. */
  readonly in: readonly string[];
}

/**
 * Chances inside functions that several drivers call.
 * @source drivers/dax/super.c alloc_dax() dax_dev_get() dax_add_host() v6.12
 * @source block/genhd.c __blk_alloc_disk() device_add_disk() v6.12
 * @source kernel/resource.c __devm_request_region() v6.12; drivers/base/devres.c v6.12
 */
const shared: readonly ChanceName[] = [
  { chance: 'ida_alloc_max dax_minor_ida', calls: ['alloc_dax'], in: [] },
  { chance: 'alloc_inode dax', calls: ['alloc_dax'], in: [] },
  { chance: 'xa_insert dax_hosts', calls: ['dax_add_host'], in: [] },
  { chance: 'blk_alloc_disk', calls: DISK_MAKERS, in: [] },
  { chance: 'device_add_disk', calls: ['device_add_disk', 'add_disk'], in: [] },
  { chance: 'request_mem_region', calls: ['devm_request_mem_region'], in: [] },
  { chance: 'devm_memremap_pages', calls: ['devm_memremap_pages'], in: [] },
  { chance: 'devm_memremap', calls: ['devm_memremap'], in: [] },
  {
    chance: 'devm_add_action_or_reset',
    calls: ['devm_add_action_or_reset', 'devm_add_action'],
    in: [],
  },
];

const CREATE = ['__devm_create_dev_dax', 'devm_create_dev_dax'];
const PROBE = ['__dax_pmem_probe'];
const BIND = ['dev_dax_probe'];

/** Chances of one driver; the longest name that fits counts, before those of all drivers. */
export const chanceNames: Readonly<Record<AttachDriver, readonly ChanceName[]>> = {
  // @source drivers/nvdimm/pmem.c pmem_attach_disk() v6.1 v6.12
  pmem: [
    { chance: 'devm_kzalloc pmem', calls: ['devm_kzalloc'], in: ['pmem_attach_disk'] },
    { chance: 'devm_namespace_enable', calls: ['devm_namespace_enable'], in: ['pmem_attach_disk'] },
    { chance: 'nvdimm_setup_pfn', calls: ['nvdimm_setup_pfn'], in: ['pmem_attach_disk'] },
    { chance: 'devm_init_badblocks', calls: ['devm_init_badblocks'], in: ['pmem_attach_disk'] },
  ],
  // @source drivers/md/dm.c alloc_dev() dm_setup_md_queue() dm_get_table_device() v6.1 v6.12
  // @source drivers/md/dm-table.c dm_table_create() dm_get_device() v6.12
  // @source drivers/md/dm-linear.c linear_ctr() v6.12
  dm: [
    { chance: 'kvzalloc mapped_device', calls: ['kvzalloc_node'], in: ['alloc_dev'] },
    { chance: 'try_module_get dm_mod', calls: ['try_module_get'], in: ['alloc_dev'] },
    {
      chance: 'idr_alloc _minor_idr',
      calls: ['next_free_minor', 'specific_minor', 'idr_alloc'],
      in: ['alloc_dev'],
    },
    { chance: 'init_srcu_struct', calls: ['init_srcu_struct'], in: ['alloc_dev'] },
    { chance: 'alloc_workqueue', calls: ['alloc_workqueue'], in: ['alloc_dev'] },
    { chance: 'alloc_percpu', calls: ['alloc_percpu'], in: ['alloc_dev'] },
    { chance: 'dm_stats_init', calls: ['dm_stats_init'], in: ['alloc_dev'] },
    { chance: 'kzalloc dm_table', calls: ['kzalloc'], in: ['dm_table_create'] },
    { chance: 'kmalloc linear_c', calls: ['kmalloc'], in: ['linear_ctr'] },
    { chance: 'kmalloc dm_dev_internal', calls: ['kmalloc'], in: ['dm_get_device'] },
    { chance: 'kmalloc table_device', calls: ['kmalloc'], in: ['dm_get_table_device'] },
    { chance: 'open_table_device', calls: ['open_table_device'], in: ['dm_get_table_device'] },
    {
      chance: 'device_add_disk',
      calls: ['device_add_disk', 'add_disk'],
      in: ['dm_setup_md_queue'],
    },
    { chance: 'dm_sysfs_init', calls: ['dm_sysfs_init'], in: ['dm_setup_md_queue'] },
  ],
  // @source drivers/s390/block/dcssblk.c dcssblk_add_store() dcssblk_load_segment() v6.1 v6.12
  dcssblk: [
    {
      chance: 'kmalloc segment_info',
      calls: ['dcssblk_load_segment', 'segment_load'],
      in: ['dcssblk_add_store'],
    },
    {
      chance: 'segment_load',
      calls: ['dcssblk_load_segment', 'segment_load'],
      in: ['dcssblk_add_store'],
    },
    { chance: 'kzalloc dcssblk_dev_info', calls: ['kzalloc'], in: ['dcssblk_add_store'] },
    { chance: 'try_module_get dcssblk', calls: ['try_module_get'], in: ['dcssblk_add_store'] },
    { chance: 'device_register', calls: ['device_register'], in: ['dcssblk_add_store'] },
  ],
  // @source fs/fuse/virtio_fs.c virtio_fs_setup_dax() virtio_fs_probe() v6.1 v6.12
  'virtio-fs': [
    { chance: 'devm_kzalloc pgmap', calls: ['devm_kzalloc'], in: ['virtio_fs_setup_dax'] },
    { chance: 'kzalloc virtio_fs', calls: ['kzalloc'], in: ['virtio_fs_probe'] },
    { chance: 'virtio_fs_read_tag', calls: ['virtio_fs_read_tag'], in: ['virtio_fs_probe'] },
    { chance: 'virtio_fs_setup_vqs', calls: ['virtio_fs_setup_vqs'], in: ['virtio_fs_probe'] },
    {
      chance: 'virtio_fs_add_instance',
      calls: ['virtio_fs_add_instance'],
      in: ['virtio_fs_probe'],
    },
  ],
  // @source drivers/dax/bus.c __devm_create_dev_dax() devm_create_dev_dax() v6.12
  // @source drivers/dax/pmem.c __dax_pmem_probe() v6.12; drivers/dax/device.c dev_dax_probe() v6.12
  'device-dax': [
    { chance: 'kzalloc dev_dax', calls: ['kzalloc'], in: CREATE },
    { chance: 'alloc_dev_dax_range', calls: ['alloc_dev_dax_range'], in: CREATE },
    { chance: 'kmemdup pgmap', calls: ['kmemdup'], in: CREATE },
    { chance: 'device_add dev_dax', calls: ['device_add'], in: CREATE },
    { chance: 'devm_register_dax_mapping', calls: ['devm_register_dax_mapping'], in: CREATE },
    { chance: 'devm_namespace_enable', calls: ['devm_namespace_enable'], in: PROBE },
    { chance: 'nvdimm_setup_pfn', calls: ['nvdimm_setup_pfn'], in: PROBE },
    { chance: 'kzalloc dax_region', calls: ['alloc_dax_region'], in: PROBE },
    { chance: 'request_mem_region namespace', calls: ['devm_request_mem_region'], in: PROBE },
    { chance: 'request_mem_region dax', calls: ['devm_request_mem_region'], in: BIND },
    { chance: 'devm_memremap_pages dev_dax', calls: ['devm_memremap_pages'], in: BIND },
    { chance: 'cdev_add dev_dax', calls: ['cdev_add'], in: BIND },
    {
      chance: 'devm_add_action_or_reset dev_dax',
      calls: ['devm_add_action_or_reset'],
      in: BIND,
    },
  ],
  // @source drivers/block/brd.c brd_alloc() v6.1 v6.12
  brd: [],
};

/**
 * Functions that attach a device of a driver that is modelled, by file.
 * @source drivers/nvdimm/pmem.c drivers/md/dm.c drivers/s390/block/dcssblk.c fs/fuse/virtio_fs.c
 * @source drivers/dax/bus.c drivers/block/brd.c v6.1 v6.12
 */
export const attachFunctions: readonly {
  readonly driver: AttachDriver;
  readonly file: string;
  readonly functions: readonly string[];
}[] = [
  { driver: 'pmem', file: 'drivers/nvdimm/pmem.c', functions: ['pmem_attach_disk'] },
  { driver: 'dm', file: 'drivers/md/dm.c', functions: ['alloc_dev'] },
  {
    driver: 'dcssblk',
    file: 'drivers/s390/block/dcssblk.c',
    functions: ['dcssblk_add_store'],
  },
  {
    driver: 'virtio-fs',
    file: 'fs/fuse/virtio_fs.c',
    functions: ['virtio_fs_setup_dax', 'virtio_fs_probe'],
  },
  { driver: 'device-dax', file: 'drivers/dax/bus.c', functions: CREATE },
  { driver: 'brd', file: 'drivers/block/brd.c', functions: ['brd_alloc'] },
];

/** The driver that a function attaches; undefined where we have no model of it. */
export function driverOf(learnt: LearntAttach): AttachDriver | undefined {
  const found = attachFunctions.find(
    ({ file, functions }) => file === learnt.at.file && functions.includes(learnt.function),
  );
  return found?.driver;
}

/** How chances of both sides are named in a comparison. */
export interface AttachNames {
  /** The function of C that was walked. */
  readonly walked: string;
  /** Functions that the automaton calls, by their usual names. */
  readonly called: ReadonlySet<string>;
  /** Whether the automaton announces features of the queue. */
  readonly hasFlags: boolean;
  /** Where the walk was cut off. */
  readonly notChecked: readonly string[];
  /** Of a chance of either side: the usual name of the function of C that fails. */
  readonly functionOf: (chance: string) => string;
  /** Where the call of a chance of the model stands, if not in the function that was walked. */
  readonly elsewhere: (chance: string) => string | undefined;
}

/** Names for the comparison of a driver with what was learnt of it. */
export function namesOf(driver: AttachDriver, learnt: LearntAttach): AttachNames {
  const names = [...chanceNames[driver], ...shared];
  const usual = (call: string): string =>
    names.find(({ calls }) => calls.includes(call))?.calls[0] ?? call;
  const entryOf = (chance: string): ChanceName | undefined =>
    names
      .filter((one) => isStart(one.chance, chance))
      .reduce<ChanceName | undefined>(longer, undefined);
  const calls = learnt.nodes.flatMap((node) => (node.kind === 'call' ? [node.function] : []));
  return {
    walked: learnt.function,
    called: new Set(calls.map(usual)),
    notChecked: learnt.notChecked,
    hasFlags: learnt.nodes.some(({ kind }) => kind === 'flag'),
    functionOf(chance) {
      const entry = entryOf(chance);
      if (entry !== undefined) return entry.calls[0] ?? chance;
      // One of the automaton: the function, its line, and how it fails.
      return usual(chance.replace(/[: ].*$/, ''));
    },
    elsewhere(chance) {
      const where = entryOf(chance)?.in ?? [];
      return where.length === 0 || where.includes(learnt.function) ? undefined : where[0];
    },
  };
}

function isStart(start: string, chance: string): boolean {
  if (!chance.startsWith(start)) return false;
  // The second word of a name may go on: `request_mem_region dax0.0`.
  const rest = chance.slice(start.length);
  return start.includes(' ') || rest === '' || /^[ :]/.test(rest);
}

function longer(best: ChanceName | undefined, one: ChanceName): ChanceName {
  return best === undefined || one.chance.length > best.chance.length ? one : best;
}
