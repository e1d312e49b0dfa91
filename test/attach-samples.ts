// Automata of attach functions written by hand, as a walk of the drivers would learn them: the
// calls, their order and their failures in 6.1 and 6.12, in a notation of our own.

import { present } from '../src/base/index.ts';
import type {
  LearntAttach,
  LearntNode,
  LearntObject,
  LearntResult,
} from '../src/scenario/index.ts';

/**
 * An automaton from lines: `label: call NAME [#OBJECT|NULL] [RESULT[>LABEL]]...`,
 * `ask TEXT YES NO`, `store FIELD #OBJECT|NULL`, `flag NAME`, `attached`, `failed [ERRNO]`,
 * `detached`. A result without label, and `-` for one, lead to the next line. `cut` is a label
 * that is nowhere.
 */
export function automaton(options: {
  readonly function: string;
  readonly file: string;
  readonly lines: string;
  readonly notChecked?: readonly string[];
}): LearntAttach {
  const lines = options.lines.split('\n').map((line) => line.trim());
  const steps = lines.filter((line) => line !== '');
  const labels = new Map<string, number>();
  for (const [i, line] of steps.entries()) {
    const label = /^(\w+): /.exec(line)?.[1];
    if (label !== undefined) labels.set(label, i);
  }
  const { file } = options;
  const target = (i: number, label: string | undefined): number => {
    if (label === undefined || label === '-') return i + 1;
    return label === 'cut' ? -1 : present(labels.get(label), `label ${label}`);
  };
  const nodes = steps.map((line, i): LearntNode => {
    const [kind, first = '', ...rest] = line.replace(/^\w+: /, '').split(/\s+/);
    const at = { file, line: 100 + i };
    switch (kind) {
      case 'call': {
        const hasObject = /^(?:#\d+|NULL)$/.test(rest[0] ?? '');
        const results = hasObject ? rest.slice(1) : rest;
        const outcomes = (results.length === 0 ? ['ok'] : results).map((word) => {
          const [result = 'ok', label] = word.split('>');
          return { result: resultOf(result), next: target(i, label) };
        });
        const object = hasObject ? objectOf(rest[0]) : undefined;
        return { kind, function: first, object, at, outcomes };
      }
      case 'ask':
        return {
          kind: 'question',
          text: first,
          at,
          yes: target(i, rest[0]),
          no: target(i, rest[1]),
        };
      case 'store':
        return { kind, field: first, object: objectOf(rest[0]), at, next: i + 1 };
      case 'flag':
        return { kind, flag: first, at, next: i + 1 };
      case 'attached':
        return { kind, next: first === '' ? i + 1 : target(i, first) };
      case 'failed':
        return { kind, errno: first === '' ? undefined : first };
      case 'detached':
        return { kind };
      default:
        throw new Error(`no step: ${line}`);
    }
  });
  const at = { file, line: 90 };
  const notChecked = options.notChecked ?? [];
  return { function: options.function, at, objects: objectsOf(nodes), nodes, notChecked };
}

function resultOf(word: string): LearntResult {
  if (word === 'ok' || word === 'NULL' || word === 'error') return word;
  return `-${word.slice(1)}`;
}

function objectOf(word = ''): number | null {
  return word === 'NULL' ? null : Number(word.slice(1));
}

/** The first call that names an object makes it. */
function objectsOf(nodes: readonly LearntNode[]): readonly LearntObject[] {
  const objects: LearntObject[] = [];
  for (const node of nodes) {
    if (node.kind !== 'call' || typeof node.object !== 'number') continue;
    const protocol = node.function === 'alloc_dax' ? 'dax_device' : 'gendisk';
    objects[node.object] ??= { protocol, acquire: node.function, at: node.at };
  }
  return objects;
}

const PMEM = { function: 'pmem_attach_disk', file: 'drivers/nvdimm/pmem.c' };

/** What both releases do before the disk. @source drivers/nvdimm/pmem.c v6.1 v6.12 */
const PMEM_START = `
  call devm_kzalloc ok NULL>nomem
  call devm_namespace_enable ok error>fails
  ask is_nd_pfn(dev) - region
  call nvdimm_setup_pfn ok error>fails
`;

const PMEM_MAP = `
  ask is_nd_pfn(dev) pages -
  ask pmem_should_map_pages(dev) pages -
  call devm_memremap ok>mapped error>out
`;

/** The way out, and the detach by pmem_release_disk(). */
const PMEM_END = `
  host: call dax_remove_host #1
  clean: call kill_dax #1
  call put_dax #1
  out: call put_disk #0
  fails: failed
  nomem: failed -ENOMEM
  busy: failed -EBUSY
  late: call dax_remove_host #1
  call kill_dax #1
  call put_dax #1
  call del_gendisk #0
  call put_disk #0
  failed -ENOMEM
  done: attached
  call dax_remove_host #1
  call kill_dax #1
  call put_dax #1
  call del_gendisk #0
  call put_disk #0
  detached
`;

/** @source drivers/nvdimm/pmem.c pmem_attach_disk() v6.1 */
export const pmem61Lines = `${PMEM_START}
  region: call devm_request_mem_region ok NULL>busy
  call blk_alloc_disk #0 ok NULL>nomem
  ${PMEM_MAP}
  pages: call devm_memremap_pages ok error>out
  flag QUEUE_FLAG_DAX
  mapped: call devm_init_badblocks ok error>nomem
  call alloc_dax #1 ok error>out
  call set_dax_nocache #1
  call set_dax_nomc #1
  ask is_nvdimm_sync(nd_region) - add
  call set_dax_synchronous #1
  add: call dax_add_host #1 ok error>lost
  call dax_write_cache #1
  store pmem->dax_dev #1
  call device_add_disk #0 ok error>host
  call devm_add_action_or_reset ok>done error>late
  lost: call kill_dax NULL
  call put_dax NULL
  call put_disk #0
  failed
  ${PMEM_END}`;

/** @source drivers/nvdimm/pmem.c pmem_attach_disk() v6.12 */
export const pmem612Lines = `${PMEM_START}
  region: ask is_nd_pfn(dev) dax -
  ask pmem_should_map_pages(dev) dax reserve
  dax: flag BLK_FEAT_DAX
  reserve: call devm_request_mem_region ok NULL>busy
  call blk_alloc_disk #0 ok error>fails
  ${PMEM_MAP}
  pages: call devm_memremap_pages ok error>out
  mapped: call devm_init_badblocks ok error>nomem
  call alloc_dax #1 ok -EOPNOTSUPP>without error>out
  call set_dax_nocache #1
  call set_dax_nomc #1
  ask is_nvdimm_sync(nd_region) - add
  call set_dax_synchronous #1
  add: store pmem->dax_dev #1
  call dax_add_host #1 ok error>clean
  call dax_write_cache #1
  call device_add_disk #0 ok error>host
  call devm_add_action_or_reset ok>done error>late
  without: call device_add_disk #0 ok error>nohost
  call devm_add_action_or_reset ok>bare error>barelate
  nohost: call dax_remove_host #0
  call kill_dax NULL
  call put_dax NULL
  call put_disk #0
  failed
  barelate: call dax_remove_host #0
  call kill_dax NULL
  call put_dax NULL
  call del_gendisk #0
  call put_disk #0
  failed -ENOMEM
  bare: attached
  call dax_remove_host #0
  call kill_dax NULL
  call put_dax NULL
  call del_gendisk #0
  call put_disk #0
  detached
  ${PMEM_END}`;

/** One of pmem, from lines. */
export function pmemAutomaton(lines: string, notChecked: readonly string[] = []): LearntAttach {
  return automaton({ ...PMEM, lines, notChecked });
}

const DM_START = `
  call kvzalloc_node ok NULL>nothing
  call try_module_get ok NULL>nothing
  ask minor==DM_ANY_MINOR - specific
  call next_free_minor ok>srcu error>nothing
  specific: call specific_minor ok error>nothing
  srcu: call init_srcu_struct ok error>nothing
`;

const DM_END = `
  call alloc_workqueue ok NULL>bad
  call alloc_percpu ok NULL>bad
  call dm_stats_init ok>made error>bad
  bad: call dax_remove_host #0
  call kill_dax #1
  call put_dax #1
  disk: call put_disk #0
  nothing: failed
  made: attached
  call dax_remove_host #0
  call kill_dax #1
  call put_dax #1
  ask dm_get_md_type(md)!=DM_TYPE_NONE - put
  call del_gendisk #0
  put: call put_disk #0
  detached
`;

/** @source drivers/md/dm.c alloc_dev() cleanup_mapped_device() v6.1 */
export const dm61Lines = `${DM_START}
  call blk_alloc_disk #0 ok NULL>nothing
  call alloc_dax #1 ok error>disk
  store md->dax_dev #1
  call set_dax_nocache #1
  call set_dax_nomc #1
  call dax_add_host #1 ok error>bad
  ${DM_END}`;

/** @source drivers/md/dm.c alloc_dev() cleanup_mapped_device() v6.12 */
export const dm612Lines = `${DM_START}
  call blk_alloc_disk #0 ok error>nothing
  call alloc_dax #1 ok -EOPNOTSUPP>without error>disk
  call set_dax_nocache #1
  call set_dax_nomc #1
  store md->dax_dev #1
  call dax_add_host #1 ok>rest error>bad
  without: call alloc_workqueue ok NULL>disk
  call alloc_percpu ok NULL>disk
  call dm_stats_init ok error>disk
  attached put
  rest: store md->name #0
  ${DM_END}`;

/** One of dm, from lines. */
export function dmAutomaton(lines: string): LearntAttach {
  return automaton({ function: 'alloc_dev', file: 'drivers/md/dm.c', lines });
}

/** @source fs/fuse/virtio_fs.c virtio_fs_setup_dax() v6.1 */
export const virtio61Lines = `
  ask have_cache - nothing
  call devm_request_mem_region ok NULL>busy
  call devm_kzalloc ok NULL>nomem
  call devm_memremap_pages ok error>fails
  call alloc_dax #0 ok error>fails
  store fs->dax_dev #0
  call devm_add_action_or_reset ok>done error
  call kill_dax #0
  call put_dax #0
  nomem: failed -ENOMEM
  busy: failed -EBUSY
  fails: failed
  nothing: attached
  detached
  done: attached
  call kill_dax #0
  call put_dax #0
  detached
`;

/** @source fs/fuse/virtio_fs.c virtio_fs_setup_dax() v6.12 */
export const virtio612Lines = `
  call alloc_dax #0 ok -EOPNOTSUPP>nothing error>fails
  ask have_cache - bare
  call devm_request_mem_region ok NULL>busy
  call devm_kzalloc ok NULL>nomem
  call devm_memremap_pages ok error>unmapped
  store fs->dax_dev #0
  call devm_add_action_or_reset ok>done error>nomem
  nomem: call kill_dax #0
  call put_dax #0
  failed -ENOMEM
  busy: call kill_dax #0
  call put_dax #0
  failed -EBUSY
  unmapped: call kill_dax #0
  call put_dax #0
  fails: failed
  bare: call kill_dax #0
  call put_dax #0
  nothing: attached
  detached
  done: attached
  call kill_dax #0
  call put_dax #0
  detached
`;

/** One of virtio-fs, from lines. */
export function virtioAutomaton(lines: string): LearntAttach {
  return automaton({ function: 'virtio_fs_setup_dax', file: 'fs/fuse/virtio_fs.c', lines });
}

/** @source drivers/s390/block/dcssblk.c dcssblk_add_store() dcssblk_remove_store() v6.12 */
export const dcssblkLines = `
  call kmalloc ok NULL>nomem
  call dcssblk_load_segment ok error>fails
  call kzalloc ok NULL>nomem
  flag BLK_FEAT_DAX
  call blk_alloc_disk #0 ok error>fails
  ask dcssblk_get_segment_by_name(local_buf) gone -
  call dcssblk_assign_free_minor ok error>gone
  call try_module_get ok NULL>gone
  call device_register ok error>gone
  call alloc_dax #1 ok error>gone
  call set_dax_synchronous #1
  store dev_info->dax_dev #1
  call dax_add_host #1 ok error>dax
  call device_add_disk #0 ok>done error
  call dax_remove_host #0
  dax: call kill_dax #1
  call put_dax #1
  gone: call put_disk #0
  fails: failed
  nomem: failed -ENOMEM
  done: attached
  call dax_remove_host #0
  call kill_dax #1
  call put_dax #1
  call del_gendisk #0
  call put_disk #0
  detached
`;

/** One of dcssblk, from lines. */
export function dcssblkAutomaton(lines: string): LearntAttach {
  return automaton({
    function: 'dcssblk_add_store',
    file: 'drivers/s390/block/dcssblk.c',
    lines,
  });
}
