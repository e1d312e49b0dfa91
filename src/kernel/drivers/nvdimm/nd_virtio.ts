// virtio-pmem: persistent memory whose flush is a request to the host.
// @source drivers/nvdimm/nd_virtio.c v6.1 v6.12

import { E } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';
import { Lock, Shared } from '../../shared.ts';
import { fails, get, lock, type Op, set, unlock } from '../../steps.ts';

/** struct virtio_pmem: one device of the host's. */
export class VirtioPmem {
  readonly flush_lock = new Lock('flush_lock of virtio_pmem');
  /** Flush requests that the host has answered. */
  readonly flushes: Shared<number> = new Shared('flushes of virtio_pmem', 0);
}

/**
 * The flush of a region: 0, -ENOMEM or -EIO. Work that the kernel leaves to a queue (6.12) or to a
 * BIO of its own (6.1) when a BIO waits for it is done here before this returns: nobody sees the
 * BIO end earlier.
 * @source drivers/nvdimm/nd_virtio.c async_pmem_flush() v6.1 v6.12
 */
export function* async_pmem_flush(linux: Linux, vpmem: VirtioPmem, hasBio: boolean): Op<number> {
  if (hasBio) {
    const what = linux.is_6_12 ? 'kmalloc virtio_pmem_flush_work' : 'bio_alloc flush';
    if (yield* fails(what)) return -E.ENOMEM;
  }
  const rc = yield* virtio_pmem_flush(linux, vpmem);
  return rc > 0 ? -E.EIO : rc;
}

function* virtio_pmem_flush(linux: Linux, vpmem: VirtioPmem): Op<number> {
  // 6.1 lets requests pass each other; nobody can tell.
  yield* lock(vpmem.flush_lock);
  let rc = 0;
  if (yield* fails('kmalloc virtio_pmem_request')) rc = -E.ENOMEM;
  else if (yield* fails('virtqueue_kick')) {
    linux.dmesg.push('virtio_pmem: failed to send command to virtio pmem device');
    rc = -E.EIO;
  } else if (yield* fails('host flush')) rc = 1;
  else yield* set(vpmem.flushes, 0, (yield* get(vpmem.flushes)) + 1);
  yield* unlock(vpmem.flush_lock);
  return rc;
}
