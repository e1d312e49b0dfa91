// The devices of the recorded machine, by their role: attached at boot, with the names that the
// kernel gives them and links in /dev/role. A device whose driver fails is absent, and so is its
// link.

import { assert } from '../../base/index.ts';
import { BlockGlobals } from '../block/genhd.ts';
import { type Linux, subsystem } from '../linux.ts';
import { brd_init } from './block/brd.ts';
import { dev_dax_by_name } from './dax/bus.ts';
import { dax_pmem_probe } from './dax/pmem.ts';
import { newNamespace } from './nvdimm/nd-new.ts';
import { async_pmem_flush, VirtioPmem } from './nvdimm/nd_virtio.ts';
import { type NdClaim, type NdNamespace, NdGlobals, type NdRegion } from './nvdimm/nd.ts';
import { addNdFiles } from './nvdimm/nd-sysfs.ts';
import { nd_pmem_probe } from './nvdimm/pmem.ts';

const MiB = 2 ** 20;
/** Physical address above all RAM of any machine here, and aligned for any cache. */
const FIRST = 2 ** 32;

/** One region of the machine and the role of the device on it. */
interface Role {
  readonly role: string;
  readonly provider: NdRegion['provider'];
  readonly mebibytes: number;
  readonly claim: NdClaim;
}

/** By region number, which is also the number in the name of the device. */
const ROLES: readonly Role[] = [
  { role: 'fsdax0', provider: 'ACPI.NFIT', mebibytes: 512, claim: { kind: 'pfn', map: 'mem' } },
  { role: 'fsdax1', provider: 'ACPI.NFIT', mebibytes: 512, claim: { kind: 'pfn', map: 'mem' } },
  { role: 'btt', provider: 'ACPI.NFIT', mebibytes: 512, claim: { kind: 'btt', sector_size: 4096 } },
  { role: 'raw', provider: 'ACPI.NFIT', mebibytes: 512, claim: { kind: 'raw' } },
  { role: 'devdax', provider: 'ACPI.NFIT', mebibytes: 512, claim: { kind: 'dax' } },
  { role: 'fsdaxdev', provider: 'ACPI.NFIT', mebibytes: 512, claim: { kind: 'pfn', map: 'dev' } },
  { role: 'e820', provider: 'e820', mebibytes: 400, claim: { kind: 'raw' } },
  { role: 'vpmem', provider: 'virtio-pmem', mebibytes: 512, claim: { kind: 'raw' } },
];

/** What becomes of a role at boot; `detached`: its namespace is there, and no driver bound. */
export type RoleChoice = (role: string) => 'attached' | 'detached' | 'absent';

/** Attaches the devices of the recorded machine, or those chosen: their namespaces by role. */
export function attachRoles(
  linux: Linux,
  choice: RoleChoice = () => 'attached',
): ReadonlyMap<string, NdNamespace> {
  const globals = subsystem(linux, NdGlobals);
  const namespaces = new Map<string, NdNamespace>();
  let start = FIRST;
  for (const [id, role] of ROLES.entries()) {
    const chosen = choice(role.role);
    if (chosen === 'absent') {
      start += 2 ** 30;
      continue;
    }
    const namespace = newNamespace(linux, role.claim, regionOf(linux, { id, start, ...role }));
    start += 2 ** 30;
    globals.namespaces.push(namespace);
    namespaces.set(role.role, namespace);
    addNdFiles(linux, namespace);
    if (chosen === 'attached') attach(linux, namespace, role.role);
  }
  if (choice('brd') === 'absent') return namespaces;
  brd_init(linux, { rd_nr: 2, rd_size: 400_000 });
  linux.block.links.set('role/brd', 'ram0');
  linux.block.links.set('role/brd1', 'ram1');
  return namespaces;
}

/** Binds the driver of a namespace, and links its role to what it made. */
function attach(linux: Linux, namespace: NdNamespace, role: string): void {
  const { claim } = namespace;
  const probe = claim.kind === 'dax' ? dax_pmem_probe : nd_pmem_probe;
  const rc = linux.now(probe(linux, namespace));
  assert(rc <= 0, 'a driver gives 0 or an error number');
  const attached = namespace.drvdata.peek();
  if (attached === undefined) return;
  const isCharacter = dev_dax_by_name(linux, attached.name) !== undefined;
  if (isCharacter) subsystem(linux, BlockGlobals).characterDevices.add(attached.name);
  if (isCharacter || attached.disk) linux.block.links.set(`role/${role}`, attached.name);
}

function regionOf(
  linux: Linux,
  { id, start, provider, mebibytes }: Role & { readonly id: number; readonly start: number },
): Partial<NdRegion> {
  const isDimm = provider === 'ACPI.NFIT';
  const region = {
    id,
    provider,
    start,
    size: mebibytes * MiB,
    ndr_mappings: isDimm ? 1 : 0,
    pagemap: !isDimm,
    async: provider === 'virtio-pmem',
  };
  if (provider !== 'virtio-pmem') return region;
  const vpmem = new VirtioPmem();
  return { ...region, flush: (hasBio) => async_pmem_flush(linux, vpmem, hasBio) };
}
