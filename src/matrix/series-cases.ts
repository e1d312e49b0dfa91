// The configurations and CPUs on which attach is judged, and those that Kconfig excludes.

import type { AttachVariant } from '../scenario/index.ts';
import type { ForcedGate, SeriesRules } from '../kernel/index.ts';

/**
 * Who can meet a case: users of a kernel that can be built; nobody, because no port with such a
 * CPU has ZONE_DEVICE, which FS_DAX needs (latent); only who makes alloc_dax() refuse (forced).
 */
export type Reach = 'real' | 'latent' | 'forced';

/** One configuration of a kernel on one CPU. */
export interface AttachCase {
  readonly id: string;
  readonly title: string;
  /** Id of the machine. */
  readonly machine: string;
  readonly DAX: boolean;
  readonly FS_DAX: boolean;
  /** CONFIG_ZONE_DEVICE: memory of devices can have struct pages. */
  readonly ZONE_DEVICE: boolean;
  readonly gate: ForcedGate;
  readonly reach: Reach;
  /** The port has dcssblk, and of the drivers only that is judged here. */
  readonly isS390: boolean;
  /** ARM, MIPS or SPARC: FS_DAX refused it by name. */
  readonly isListed: boolean;
  /** What is true of the CPU: two mappings of a page may show different bytes. */
  readonly aliases: boolean;
}

const x86 = {
  machine: 'skylake',
  DAX: true,
  FS_DAX: true,
  ZONE_DEVICE: true,
  gate: 'stock',
  reach: 'real',
  isS390: false,
  isListed: false,
  aliases: false,
} as const;

const small = { ...x86, FS_DAX: false, ZONE_DEVICE: false } as const;
const armv7 = { ...small, machine: 'cortex-a15', isListed: true } as const;
const sparc64 = { ...small, machine: 'ultrasparc-2', isListed: true, aliases: true } as const;
const parisc64 = { ...small, machine: 'pa-8500', aliases: true } as const;
const asIf = { FS_DAX: true, ZONE_DEVICE: true, reach: 'latent' } as const;

/** All cases, those that users can meet first. */
export const attachCases: readonly AttachCase[] = [
  { ...x86, id: 'x86_64', title: 'x86_64, FS_DAX=y' },
  { ...x86, id: 'x86_64-nofsdax', title: 'x86_64, FS_DAX=n', FS_DAX: false },
  { ...x86, id: 'x86_64-nodax', title: 'x86_64, DAX=n', DAX: false, FS_DAX: false },
  { ...x86, id: 's390', title: 's390, FS_DAX=y', machine: 'ibm-z13', isS390: true },
  {
    ...x86,
    id: 's390-nofsdax',
    title: 's390, FS_DAX=n',
    machine: 'ibm-z13',
    isS390: true,
    FS_DAX: false,
  },
  { ...armv7, id: 'armv7', title: 'ARMv7 (coherent), FS_DAX=n' },
  { ...sparc64, id: 'sparc64', title: 'UltraSPARC II (aliases), FS_DAX=n' },
  { ...parisc64, id: 'parisc64', title: 'PA-8500 (aliases), FS_DAX=n' },
  { ...armv7, ...asIf, id: 'armv7-fsdax', title: 'ARMv7, as if FS_DAX=y' },
  { ...sparc64, ...asIf, id: 'sparc64-fsdax', title: 'UltraSPARC II, as if FS_DAX=y' },
  { ...parisc64, ...asIf, id: 'parisc64-fsdax', title: 'PA-8500, as if FS_DAX=y' },
  {
    ...x86,
    id: 'x86_64-forced',
    title: 'x86_64, alloc_dax() made to give -EOPNOTSUPP',
    gate: 'EOPNOTSUPP',
    reach: 'forced',
  },
  {
    ...x86,
    id: 's390-forced',
    title: 's390, alloc_dax() made to give -EOPNOTSUPP',
    machine: 'ibm-z13',
    isS390: true,
    gate: 'EOPNOTSUPP',
    reach: 'forced',
  },
];

/**
 * Why a device cannot be there in a case, in the words of Kconfig; undefined where it can.
 * @source drivers/nvdimm/Kconfig BLK_DEV_PMEM NVDIMM_PFN NVDIMM_DAX v6.12
 * @source drivers/dax/Kconfig DEV_DAX_PMEM v6.12; drivers/s390/block/Kconfig DCSSBLK v6.12
 * @source fs/fuse/Kconfig FUSE_DAX v6.12; fs/Kconfig FS_DAX v6.1
 */
export function excludedBy(
  what: AttachCase,
  variant: AttachVariant,
  rules: SeriesRules,
): string | undefined {
  const { driver } = variant;
  if ((driver === 'dcssblk') !== what.isS390) {
    return driver === 'dcssblk' ? 'DCSSBLK depends on S390' : 'judged on other ports';
  }
  if (what.FS_DAX && what.isListed && rules.fs_dax_gate === 'arch list') {
    return 'FS_DAX depends on !(ARM || MIPS || SPARC)';
  }
  if (!what.DAX && driver === 'pmem') return 'BLK_DEV_PMEM selects DAX';
  if (!what.DAX && driver === 'device-dax') return 'DEV_DAX is part of DAX';
  if (!what.FS_DAX && driver === 'virtio-fs' && variant.needsPages) {
    return 'FUSE_DAX depends on FS_DAX: the window is not looked for';
  }
  if (variant.needsPages && !what.ZONE_DEVICE) {
    if (driver === 'pmem') return 'NVDIMM_PFN depends on ZONE_DEVICE';
    return 'NVDIMM_DAX depends on NVDIMM_PFN, and that on ZONE_DEVICE';
  }
  return undefined;
}
