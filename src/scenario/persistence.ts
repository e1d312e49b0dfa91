// What fsync() and write() do for durability, as far as the kernel's configuration decides it.
//
// @source fs/dax.c dax_writeback_one() v6.12: flush_cache_page() on each dirty or writable user
// mapping, then dax_flush() through the kernel address; entries without the DIRTY tag are skipped.

import type { Step } from '../litmus/index.ts';

/** What a kernel's configuration gives for durability; each part is off where the port lacks it. */
export interface Persistence {
  /** ARCH_HAS_PMEM_API: dax_flush() writes the kernel alias back; without it the call is empty. */
  readonly pmemApi: boolean;
  /** ARCH_HAS_UACCESS_FLUSHCACHE and DAXDEV_NOCACHE: write() leaves no dirty line behind. */
  readonly flushcache: boolean;
  /** flush_cache_page() acts on the user alias (on some ports it is empty, or for current only). */
  readonly flushCachePage: boolean;
}

/** What the nine architectures that select ARCH_HAS_CPU_CACHE_ALIASING offer at least: nothing. */
export const noPersistence: Persistence = {
  pmemApi: false,
  flushcache: false,
  flushCachePage: false,
};

/** Replaces fsync by the maintenance it amounts to; adds the write-back of a flushcache copy. */
export function persistenceSteps(options: Persistence, step: Step): readonly Step[] {
  if (step.kind === 'kernel-access' && step.does === 'write' && options.flushcache) {
    const says = `the flushcache copy writes ${step.mapping} back`;
    const clean: Step = { kind: 'clean', mapping: step.mapping, line: step.line, says };
    return [{ ...step, body: [...step.body, clean] }];
  }
  if (step.kind === 'dax-flush') {
    const { mapping, line, says } = step;
    if (options.pmemApi) return [{ kind: 'clean', mapping, line, says }];
    return [{ kind: 'mark', says: `${says}: empty without a PMEM API` }];
  }
  if (step.kind !== 'fsync') return [step];
  const { line, users, kernel, says } = step;
  if (!step.tagged) {
    return [{ kind: 'mark', says: `${says}: no DIRTY tag, nothing is written back` }];
  }
  const steps: Step[] = [];
  for (const user of options.flushCachePage ? users : []) {
    steps.push({ kind: 'flush', mapping: user, line, says: `${says}: flush_cache_page(${user})` });
  }
  if (options.pmemApi) {
    steps.push({ kind: 'clean', mapping: kernel, line, says: `${says}: dax_flush(${kernel})` });
  }
  if (steps.length > 0) return steps;
  return [{ kind: 'mark', says: `${says}: flush_cache_page() and dax_flush() do nothing here` }];
}
