// How each driver attaches, is used and detaches: the sequences that are explored.

import { present } from '../../base/index.ts';
import type { AttachRunner } from './run.ts';
import {
  alloc_dax,
  brd_alloc_all,
  brd_cleanup,
  type DaxDevice,
  dax_pmem_probe,
  dcssblk_add_store,
  dcssblk_remove_store,
  dev_create,
  dev_dax_by_name,
  dev_remove,
  Devres,
  do_resume,
  do_suspend,
  fs_dax_get_by_bdev,
  fs_put_dax,
  type HashCell,
  type Linux,
  lookup_bdev,
  type NdClaim,
  type NdNamespace,
  nd_pmem_probe,
  nd_pmem_remove,
  newNamespace,
  Oops,
  pmem_pagemap_memory_failure,
  probeWithWindow,
  readSysfs,
  Shared,
  table_load,
} from '../../kernel/index.ts';

/** Drivers whose attach is explored. */
export const attachDrivers = ['pmem', 'dm', 'dcssblk', 'virtio-fs', 'device-dax', 'brd'] as const;

/** One of them. */
export type AttachDriver = (typeof attachDrivers)[number];

/** A device on one kernel: what can be done with it. */
export interface AttachedDevice {
  /** 0 or an error number. Called again after a failure. */
  attach(): number;
  /** What a failed attach leaves to be cleaned up by hand. */
  giveUp(): void;
  detach(): void;
  isThere(): boolean;
  /** DAX can be had through it. */
  offersDax(): boolean;
  /**
   * Whether it ends without a device because DAX was refused, where no step fails. Absent: nothing
   * else can be the reason.
   */
  wasRefused?(): boolean;
  /** What is done with it once it is attached, each alone, by name. */
  readonly uses: ReadonlyMap<string, () => void>;
}

/** A kind of device that a driver attaches. */
export interface AttachVariant {
  readonly driver: AttachDriver;
  /** `pfn`, `raw`; empty where there is one kind only. */
  readonly id: string;
  /** Needs memory with struct pages. */
  readonly needsPages: boolean;
  /** Holds only if something is assumed that does not happen. */
  readonly assumes?: string;
  /** What tells it from other things of its driver, where a finding depends on that. */
  readonly only?: string;
  /** `runner` answers conditions of devices that are learnt; our own ask nothing. */
  make(linux: Linux, runner: AttachRunner): AttachedDevice;
}

/** A namespace in pfn mode, with nothing attached. */
export function pmemSpace(linux: Linux): NdNamespace {
  return newNamespace(linux, { kind: 'pfn', map: 'mem' });
}

const nothing = (): void => undefined;

function pmem(id: string, claim: NdClaim, pagemap: boolean): AttachVariant {
  return {
    driver: 'pmem',
    id,
    needsPages: claim.kind === 'pfn' || pagemap,
    make(linux) {
      const space = newNamespace(linux, claim, { pagemap });
      return {
        attach: () => linux.now(nd_pmem_probe(linux, space)),
        giveUp: nothing,
        detach: () => linux.now(nd_pmem_remove(space)),
        isThere: () => linux.block.disks.has('pmem0'),
        offersDax: () => diskOffersDax(linux, 'pmem0'),
        uses: pmemUses(linux, claim.kind === 'pfn' || pagemap),
      };
    },
  };
}

function pmemUses(linux: Linux, hasPages: boolean): ReadonlyMap<string, () => void> {
  const uses = new Map<string, () => void>();
  if (linux.config.ARCH_HAS_PMEM_API) {
    uses.set('dax/write_cache is read', () => {
      const disk = present(linux.block.disks.get('pmem0'), 'disk pmem0');
      disk.attributes.get('dax/write_cache')?.show();
    });
    uses.set('dax/write_cache is written', () => {
      const disk = present(linux.block.disks.get('pmem0'), 'disk pmem0');
      disk.attributes.get('dax/write_cache')?.store?.('0');
    });
  }
  if (!hasPages) return uses;
  uses.set('memory of the disk fails', () => {
    const disk = present(linux.block.disks.get('pmem0'), 'disk pmem0');
    linux.now(pmem_pagemap_memory_failure(linux, disk, { offset: 0, length: linux.PAGE_SIZE }));
  });
  uses.set('two XFS are mounted from its partitions, each as the holder', () => twoHolders(linux));
  return uses;
}

// As XFS does it, which passes itself as the holder.
function twoHolders(linux: Linux): void {
  const bdev = lookup_bdev(linux, '/dev/pmem0');
  if (typeof bdev === 'number') return;
  const [one, two] = [{}, {}];
  const first = linux.now(fs_dax_get_by_bdev(linux, bdev, one));
  const second = linux.now(fs_dax_get_by_bdev(linux, bdev, two));
  linux.now(fs_put_dax(linux, second?.dax, two));
  linux.now(fs_put_dax(linux, first?.dax, one));
}

/** A filesystem would get a live dax device from the disk. */
function diskOffersDax(linux: Linux, name: string): boolean {
  const bdev = lookup_bdev(linux, `/dev/${name}`);
  if (typeof bdev === 'number') return false;
  const found = linux.now(fs_dax_get_by_bdev(linux, bdev));
  linux.now(fs_put_dax(linux, found?.dax));
  return found !== undefined;
}

const SECTORS = 2048;

/** The place of dm-0 in dax_hosts: major 253, minor 0. */
const DM_0 = 253 * 2 ** 20;

/** A linear table on a pmem disk where there is one, else on a RAM disk. */
const dm: AttachVariant = {
  driver: 'dm',
  id: 'linear',
  needsPages: false,
  make(linux) {
    linux.now(brd_alloc_all(linux, { rd_nr: 1, rd_size: SECTORS }));
    return mapped(linux, belowDm(linux));
  },
};

function mapped(linux: Linux, below: string): AttachedDevice {
  let cell: HashCell | number = -1;
  const flags = { lockfs: false, noflush: false };
  const spec = { start: 0, length: SECTORS, type: 'linear', params: `/dev/${below} 0` };
  return {
    attach() {
      cell = dev_create(linux, 't');
      if (typeof cell === 'number') return cell;
      return table_load(cell, [spec]) || do_resume(cell, flags);
    },
    giveUp: () => void (typeof cell === 'number' || dev_remove(cell)),
    detach: () => void (typeof cell === 'number' || dev_remove(cell)),
    isThere: () => linux.block.disks.has('dm-0'),
    offersDax: () => diskOffersDax(linux, 'dm-0'),
    uses: new Map([
      [
        'it is suspended, gets another table, and goes on',
        () => {
          if (typeof cell === 'number') return;
          do_suspend(cell, flags);
          table_load(cell, [spec]);
          do_resume(cell, flags);
        },
      ],
    ]),
  };
}

/** The name of a disk to put a table on, with DAX where the kernel has it. */
function belowDm(linux: Linux): string {
  // BLK_DEV_PMEM selects DAX.
  if (!linux.config.DAX) return 'ram0';
  const claim: NdClaim = linux.config.FS_DAX ? { kind: 'pfn', map: 'mem' } : { kind: 'raw' };
  try {
    const rc = linux.now(nd_pmem_probe(linux, newNamespace(linux, claim)));
    return rc === 0 ? 'pmem0' : 'ram0';
  } catch (error) {
    if (error instanceof Oops) return 'ram0';
    throw error;
  }
}

/** dm gets a disk whose place in dax_hosts somebody else has. */
const dmTaken: AttachVariant = {
  ...dm,
  id: 'host entry taken',
  assumes: 'a stale host entry for the address of its disk',
  make(linux) {
    const other = linux.now(alloc_dax(linux, undefined));
    if (typeof other === 'object' && other !== null) {
      linux.dax.dax_hosts.poke(DM_0, other);
    }
    linux.now(brd_alloc_all(linux, { rd_nr: 1, rd_size: SECTORS }));
    return mapped(linux, 'ram0');
  },
};

function dcssblk(id: string, start: number): AttachVariant {
  const segment = { name: 'DCSS', start, size: 2 ** 21, readOnly: false };
  return {
    driver: 'dcssblk',
    id,
    needsPages: false,
    make: (linux) => ({
      attach: () => linux.now(dcssblk_add_store(linux, segment)),
      giveUp: nothing,
      detach: () => void linux.now(dcssblk_remove_store(linux, segment.name)),
      isThere: () => linux.block.disks.has('dcssblk0'),
      offersDax: () => diskOffersDax(linux, 'dcssblk0'),
      uses: new Map(),
    }),
  };
}

function virtioFs(id: string, hasWindow: boolean): AttachVariant {
  return {
    driver: 'virtio-fs',
    id,
    needsPages: hasWindow,
    make(linux) {
      const window = { start: 2 ** 29, length: 2 ** 23 };
      const fs = {
        cache_reg: hasWindow ? window : undefined,
        FUSE_DAX: linux.config.FS_DAX,
        dax_dev: new Shared<DaxDevice | number | undefined>('fs->dax_dev', undefined),
      };
      const devres = new Devres();
      let isThere = false;
      return {
        attach() {
          const rc = linux.now(probeWithWindow(linux, fs, devres));
          isThere = rc === 0;
          return rc;
        },
        giveUp: nothing,
        detach() {
          linux.now(devres.releaseAll());
          isThere = false;
        },
        isThere: () => isThere,
        offersDax: () => typeof fs.dax_dev.peek() === 'object',
        uses: new Map(),
      };
    },
  };
}

const deviceDax: AttachVariant = {
  driver: 'device-dax',
  id: '',
  needsPages: true,
  make(linux) {
    const space = newNamespace(linux, { kind: 'dax' });
    const detach = () => {
      const attached = space.drvdata.peek();
      space.drvdata.poke(0, undefined);
      if (attached !== undefined) linux.now(attached.detach());
    };
    return {
      attach() {
        const rc = linux.now(dax_pmem_probe(linux, space));
        // An instance whose driver does not bind stays registered, and can be unbound.
        return rc === 0 && dev_dax_by_name(linux, 'dax0.0') === undefined ? -1 : rc;
      },
      giveUp: detach,
      detach,
      isThere: () => dev_dax_by_name(linux, 'dax0.0') !== undefined,
      offersDax: () => dev_dax_by_name(linux, 'dax0.0') !== undefined,
      uses: new Map(),
    };
  },
};

const brd: AttachVariant = {
  driver: 'brd',
  id: '',
  needsPages: false,
  make: (linux) => ({
    attach: () => linux.now(brd_alloc_all(linux, { rd_nr: 2, rd_size: SECTORS })),
    giveUp: nothing,
    detach: () => linux.now(brd_cleanup(linux)),
    isThere: () => linux.block.disks.has('ram1'),
    offersDax: () => diskOffersDax(linux, 'ram0'),
    uses: new Map([
      ['its queue is read', () => void readSysfs(linux, '/sys/block/ram0/queue/dax')],
    ]),
  }),
};

/** Every kind of device, in the order of `attachDrivers`. */
export const attachVariants: readonly AttachVariant[] = [
  pmem('raw', { kind: 'raw' }, false),
  pmem('raw with pages', { kind: 'raw' }, true),
  pmem('pfn', { kind: 'pfn', map: 'mem' }, false),
  dm,
  dmTaken,
  dcssblk('aligned', 2 ** 29),
  {
    ...dcssblk('not aligned', 2 ** 29 + 2 ** 20),
    only: 'a segment that is not of whole subsections',
  },
  virtioFs('window', true),
  virtioFs('no window', false),
  deviceDax,
  brd,
];
