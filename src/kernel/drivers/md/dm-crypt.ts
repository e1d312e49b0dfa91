// dm-crypt: sectors are encrypted on their way. It has no DAX, for the memory holds ciphertext.
// The cipher here is not the one named: a keyed stream for each sector, so that what the device
// holds differs from what users wrote and comes back the same. Nothing that the model answers
// depends on the ciphertext itself.
// @source drivers/md/dm-crypt.c v6.12

import { __va, kernelLoad, kernelStore, pfnToKaddr } from '../../arch/map.ts';
import { submit_bio } from '../../block/bio.ts';
import { SECTOR_SHIFT } from '../../include/linux/blkdev.ts';
import type { Bio, BioVec } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';
import { alloc_pages, free_pages } from '../../mm/page_alloc.ts';
import type { Op } from '../../steps.ts';
import { parseSector } from './dm-core.ts';
import type { DmDev, TargetType } from './dm-core.ts';
import { remapBio } from './dm-device.ts';
import { dm_get_device } from './dm-table-device.ts';

/** Where the sectors of a target lie, and how they are encrypted. */
interface CryptConfig {
  readonly linux: Linux;
  readonly dev: DmDev;
  readonly start: number;
  readonly iv_offset: number;
  readonly seed: number;
}

/** Parameters: `CIPHER KEY IV-OFFSET DEVICE START [N FEATURE...]`. */
export const crypt_target: TargetType = {
  name: 'crypt',
  ctr(ti, argv) {
    const { linux } = ti.table.md;
    const [cipher, key, ivText, path, startText, ...options] = argv;
    if (cipher === undefined || key === undefined || path === undefined) return -E.EINVAL;
    if (startText === undefined) return -E.EINVAL;
    const sectorSize = crypt_ctr_optional(ti.len, options);
    if (sectorSize < 0) return sectorSize;
    const rc = crypt_ctr_cipher(cipher, key);
    if (rc !== 0) return rc;
    const iv_offset = parseSector(ivText);
    if (iv_offset === undefined || iv_offset % (sectorSize >> SECTOR_SHIFT) !== 0) {
      return -E.EINVAL;
    }
    const dev = dm_get_device(ti, path);
    if (typeof dev === 'number') return dev;
    const start = parseSector(startText);
    if (start === undefined) return -E.EINVAL;
    ti.num_flush_bios = 1;
    const config: CryptConfig = { linux, dev, start, iv_offset, seed: hash(cipher + key) };
    const words = options.length > 0 ? ` ${options.join(' ')}` : '';
    return {
      map: (bio) => crypt_map(config, { bio, offset: bio.sector - ti.begin }),
      table: (showKeys) =>
        `${cipher} ${showKeys ? key : key.replaceAll(/./g, '0')} ${iv_offset} ${dev.name} ` +
        `${start}${words}`,
      iterate_devices: (fn) => fn(dev, { start, len: ti.len }),
      io_hints(limits) {
        limits.logical_block_size = Math.max(limits.logical_block_size, sectorSize);
        limits.physical_block_size = Math.max(limits.physical_block_size, sectorSize);
        limits.io_min = Math.max(limits.io_min, sectorSize);
      },
    };
  },
};

const FLAGS: ReadonlySet<string> = new Set([
  'allow_discards',
  'same_cpu_crypt',
  'submit_from_crypt_cpus',
  'no_read_workqueue',
  'no_write_workqueue',
  'iv_large_sectors',
]);

/** Sector size in bytes by the optional words, or an error number. */
function crypt_ctr_optional(len: number, options: readonly string[]): number {
  if (options.length === 0) return 512;
  const [count, ...words] = options;
  if (parseSector(count) !== words.length) return -E.EINVAL;
  let size = 512;
  for (const word of words) {
    const asked = parseSector(/^sector_size:(\d+)$/.exec(word)?.[1]);
    if (asked === undefined && !FLAGS.has(word)) return -E.EINVAL;
    size = asked ?? size;
  }
  const isPower = Number.isInteger(Math.log2(size));
  if (size < 512 || size > 4096 || !isPower || len % (size >> SECTOR_SHIFT) !== 0) {
    return -E.EINVAL;
  }
  return size;
}

/**
 * Whether cipher and key go together: 0, -ENOENT for a cipher nobody knows, -EINVAL for a key of
 * another length. @source drivers/md/dm-crypt.c crypt_ctr_cipher() crypt_set_key() v6.12
 */
function crypt_ctr_cipher(cipher: string, key: string): number {
  const [name, mode, iv] = cipher.split('-');
  if (mode !== undefined && mode !== 'ecb' && iv === undefined) return -E.EINVAL;
  if (name !== 'aes') return -E.ENOENT;
  const bits = /^(?:[0-9a-f]{2})+$/i.test(key) ? key.length * 4 : 0;
  const wanted = mode === 'xts' ? [256, 384, 512] : [128, 192, 256];
  return wanted.includes(bits) ? 0 : -E.EINVAL;
}

/** @source drivers/md/dm-crypt.c crypt_map() v6.12 */
function* crypt_map(
  config: CryptConfig,
  request: { readonly bio: Bio; readonly offset: number },
): Op<number> {
  const { linux, dev, start } = config;
  const { bio, offset } = request;
  if (bio.op === 'write') return yield* writeEncrypted(config, request);
  const rc = yield* remapBio(linux, bio, { dev, sector: start + offset });
  if (rc !== 0 || bio.op !== 'read') return rc;
  let sector = config.iv_offset + offset;
  for (const { paddr, lengthBytes } of bio.vecs) {
    const kaddr = __va(linux, paddr);
    const cipher = yield* kernelLoad(linux, kaddr, lengthBytes);
    yield* kernelStore(linux, kaddr, applyStream(cipher, { seed: config.seed, sector }));
    sector += lengthBytes >> SECTOR_SHIFT;
  }
  return 0;
}

/** Writes from pages of its own: those of the request stay as they are. */
function* writeEncrypted(
  config: CryptConfig,
  request: { readonly bio: Bio; readonly offset: number },
): Op<number> {
  const { linux, dev, start, seed } = config;
  const { bio, offset } = request;
  let done = 0;
  for (const { paddr, lengthBytes } of bio.vecs) {
    const pfn = alloc_pages(linux, 0);
    if (pfn < 0) return pfn;
    const plain = yield* kernelLoad(linux, __va(linux, paddr), lengthBytes);
    const sector = config.iv_offset + offset + done;
    yield* kernelStore(linux, pfnToKaddr(linux, pfn), applyStream(plain, { seed, sector }));
    const vecs: readonly BioVec[] = [{ paddr: pfn * linux.PAGE_SIZE, lengthBytes }];
    const sectors = lengthBytes >> SECTOR_SHIFT;
    const rc = yield* submit_bio(linux, {
      ...bio,
      bdev: dev.bdev,
      sector: start + offset + done,
      sectors,
      vecs,
    });
    free_pages(linux, pfn, 0);
    if (rc !== 0) return rc;
    done += sectors;
  }
  return 0;
}

/** Encrypts and decrypts: each sector has a stream of its own. */
function applyStream(
  bytes: Uint8Array,
  key: { readonly seed: number; readonly sector: number },
): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let state = 1;
  bytes.forEach((byte, i) => {
    if (i % 512 === 0) state = hash(`${key.seed} ${key.sector + (i >> SECTOR_SHIFT)}`) | 1;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[i] = byte ^ (state & 0xff);
  });
  return out;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
