// The pages of a BIO as the buffer of a read or write of the file behind a loop device.
// @source include/linux/uio.h iov_iter_bvec() v6.12

import { __va, kernelLoad, kernelStore } from '../../arch/map.ts';
import type { BioVec } from '../../include/linux/blkdev.ts';
import type { IovIter } from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';
import { noSteps, type Op } from '../../steps.ts';

/** The bytes of `vecs` in order; a source for writes of the file, else what reads fill. */
export function iov_iter_bvec(
  linux: Linux,
  vecs: readonly BioVec[],
  data_source: boolean,
): IovIter {
  let offset = 0;
  const total = vecs.reduce((sum, vec) => sum + vec.lengthBytes, 0);
  const take = (n: number): readonly BioVec[] => {
    const taken = cutVecs(vecs, { start: offset, end: offset + n });
    offset += n;
    return taken;
  };
  return {
    get count() {
      return total - offset;
    },
    misaligned: 0,
    data_source,
    *copy_from(n): Op<Uint8Array> {
      const pieces = take(n);
      const [only] = pieces;
      if (only !== undefined && pieces.length === 1) {
        return yield* kernelLoad(linux, __va(linux, only.paddr), only.lengthBytes);
      }
      const bytes = new Uint8Array(n);
      let done = 0;
      for (const { paddr, lengthBytes } of pieces) {
        bytes.set(yield* kernelLoad(linux, __va(linux, paddr), lengthBytes), done);
        done += lengthBytes;
      }
      return bytes;
    },
    *copy_to(bytes) {
      let done = 0;
      for (const { paddr, lengthBytes } of take(bytes.length)) {
        const piece = bytes.subarray(done, done + lengthBytes);
        yield* kernelStore(linux, __va(linux, paddr), piece);
        done += lengthBytes;
      }
      return 0;
    },
    pin: (n) => noSteps(take(n)),
    // The pages belong to whoever sent the BIO.
    unpin: () => noSteps(undefined),
  };
}

function cutVecs(
  vecs: readonly BioVec[],
  range: { readonly start: number; readonly end: number },
): readonly BioVec[] {
  const pieces: BioVec[] = [];
  let at = 0;
  for (const { paddr, lengthBytes } of vecs) {
    const first = Math.max(range.start, at);
    const last = Math.min(range.end, at + lengthBytes);
    if (first < last) pieces.push({ paddr: paddr + first - at, lengthBytes: last - first });
    at += lengthBytes;
  }
  return pieces;
}
