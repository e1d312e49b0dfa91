// Namespaces that a machine gets, each with a region and a range of memory of its own.

import type { Linux } from '../../linux.ts';
import { Shared } from '../../shared.ts';
import type { NdClaim, NdNamespace, NdRegion } from './nd.ts';

/** Alignment of data in pfn and dax mode: what one huge page maps. */
const ALIGN = 2 ** 21;

/**
 * A namespace to which no driver has bound, on 16 MiB above all RAM like those of an emulated DIMM;
 * what `region` has replaces that.
 */
export function newNamespace(
  linux: Linux,
  claim: NdClaim,
  region: Partial<NdRegion> = {},
): NdNamespace {
  const made: NdRegion = {
    id: 0,
    provider: 'ACPI.NFIT',
    start: 2 ** 32,
    size: 2 ** 24,
    // The emulated DIMMs have no flush hints, and the firmware promises nothing of caches.
    ndr_mappings: 1,
    num_flush: 0,
    persist_cache: false,
    pagemap: false,
    async: false,
    ...region,
  };
  const { id, start, size } = made;
  const range = { name: `region${id}`, base: start, bytes: size, kind: 'persistent' } as const;
  linux.machine.memory.addRange(range);
  const drvdata: NdNamespace['drvdata'] = new Shared(`driver data of namespace${id}.0`, undefined);
  return { region: made, claim, align: ALIGN, drvdata };
}
