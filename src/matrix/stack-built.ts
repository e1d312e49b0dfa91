// Whether a stack can be built: the symbol of the driver, of its mode and of the file system, and
// FS_DAX, each with what says so.

import { never, type Source } from '../base/index.ts';
import {
  asInBothTrees,
  type Kernel,
  pmemInBothTrees,
  type Port,
  type SymbolFact,
  type SymbolValue,
} from '../kernel/index.ts';
import { type FsId, oldStacks, type Place } from './stack-parts.ts';

/** One symbol that a stack needs. */
export interface BuiltPart {
  readonly symbol: string;
  readonly value: SymbolValue;
  /** Why it matters, or why it has its value; empty where the name says it. */
  readonly because: string;
  readonly source: Source;
  /** It decides about DAX alone: without it the device is there and files use the page cache. */
  readonly forDax: boolean;
}

/** What a stack needs of the configuration. */
export interface Built {
  readonly parts: readonly BuiltPart[];
  /** All that DAX needs; `undefined`: nobody evaluated a part, and no other says no. */
  readonly dax: boolean | undefined;
  /** All that the device needs, with or without DAX. */
  readonly device: boolean | undefined;
  /** All that the driver needs to come to its alloc_dax(): of virtio-fs that is FUSE_DAX. */
  readonly asks: boolean | undefined;
}

/** What the configuration of a port gives for one stack. */
export function builtFor(kernel: Kernel, port: Port, place: Place): Built {
  const parts = [...driverParts(kernel, port, place), ...daxParts(port, place)];
  const device = all(parts.filter(({ forDax }) => !forDax));
  const dax = all(parts);
  return { parts, dax, device, asks: place.driver.id === 'virtiofs' ? dax : device };
}

function all(parts: readonly BuiltPart[]): boolean | undefined {
  if (parts.some(({ value }) => value === 'n' || value === 'undefined')) return false;
  return parts.some(({ value }) => value === 'unknown') ? undefined : true;
}

function driverParts(kernel: Kernel, port: Port, { driver, fs }: Place): readonly BuiltPart[] {
  const pmem = pmemPart(kernel, port);
  const pages = part('ZONE_DEVICE', port.symbols.ZONE_DEVICE, PAGES);
  const files = fs === 'char' ? [] : [usual(SYMBOLS[fs])];
  switch (driver.id) {
    case 'pmem':
    case 'pmem-e820':
    case 'virtio-pmem':
      return [pmem, { ...pages, forDax: true }, ...files];
    case 'dm-linear':
    case 'dm-stripe':
      return [usual(MAPPER), pmem, { ...pages, forDax: true }, ...files];
    case 'dm-mixed':
      return [usual(MAPPER), pmem, ...files];
    case 'pmem-raw':
    case 'btt':
      return [pmem, ...files];
    case 'virtiofs':
      return [{ ...pages, forDax: true }, ...files];
    case 'device-dax':
      return [part('DEV_DAX', port.symbols.DEV_DAX, ''), pmem, pages];
    case 'dcssblk':
      return [usual(['DCSSBLK', 'drivers/s390/block/Kconfig']), ...files];
    case 'brd':
      return [usual(['BLK_DEV_RAM', 'drivers/block/Kconfig']), ...files];
    case 'loop':
      return [usual(['BLK_DEV_LOOP', 'drivers/block/Kconfig']), ...files];
    default:
      return never(driver.id, 'driver');
  }
}

type Symbol = readonly [symbol: string, file: string];

const MAPPER: Symbol = ['BLK_DEV_DM', 'drivers/md/Kconfig'];
const SYMBOLS: Readonly<Record<Exclude<FsId, 'char'>, Symbol>> = {
  ext2: ['EXT2_FS', 'fs/ext2/Kconfig'],
  ext4: ['EXT4_FS', 'fs/ext4/Kconfig'],
  xfs: ['XFS_FS', 'fs/xfs/Kconfig'],
  erofs: ['EROFS_FS', 'fs/erofs/Kconfig'],
  virtiofs: ['VIRTIO_FS', 'fs/fuse/Kconfig'],
};

/** A symbol whose dependencies name no architecture but its own: y where all is said yes. */
function usual([symbol, file]: Symbol): BuiltPart {
  const source: Source = { kind: 'kernel', file, symbol, release: '6.12' };
  return { symbol, value: 'y', because: '', source, forDax: false };
}

/** FS_DAX without a refusal by name, which is a matter of belief. */
function daxParts(port: Port, { fs }: Place): readonly BuiltPart[] {
  if (fs === 'char') return [];
  const why = port.symbols.FS_DAX.value === port.fsDaxWithoutList.value ? '' : WITHOUT_LIST;
  return [{ ...part('FS_DAX', port.fsDaxWithoutList, why), forDax: true }];
}

const WITHOUT_LIST = 'apart from the refusal by name';
/** @source drivers/nvdimm/Kconfig NVDIMM_PFN v6.12; fs/fuse/virtio_fs.c virtio_fs_setup_dax() */
const PAGES = 'memory with struct pages: NVDIMM_PFN, devm_memremap_pages()';

/**
 * pmem before 6.1 was not evaluated: LIBNVDIMM has asked for PHYS_ADDR_T_64BIT ever since it came
 * with 4.1, so both evaluated trees tell where they agree.
 */
export function pmemPart(kernel: Kernel, port: Port): BuiltPart {
  const fact = port.symbols.BLK_DEV_PMEM;
  if (fact.value !== 'unknown' || !oldStacks.has(kernel.id)) return part('BLK_DEV_PMEM', fact, '');
  const { value } = asInBothTrees(pmemInBothTrees, port.id, '6.1');
  const why = '[M] as in the trees of 6.1 and 6.12: the dependencies were the same';
  const source: Source = { kind: 'inference', why };
  return { symbol: 'BLK_DEV_PMEM', value, because: '', source, forDax: false };
}

function part(symbol: string, fact: SymbolFact, because: string): BuiltPart {
  const last = fact.chain.at(-1);
  const deciding = last && fact.value !== 'y' ? `for want of ${last.symbol}` : '';
  const source = last?.source ?? fact.sources[0] ?? NO_SOURCE;
  const why = [because, deciding].filter((text) => text !== '').join('; ');
  return { symbol, value: fact.value, because: why, source, forDax: false };
}

const NO_SOURCE: Source = { kind: 'inference', why: 'no source is recorded for this symbol' };
