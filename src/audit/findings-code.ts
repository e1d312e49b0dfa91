// Rules about alloc_dax() itself and about its callers.

import type { AllocDaxCaller } from './c/index.ts';
import type { Finding, FindingNote } from './finding.ts';
import { mayBeRefused, outcomeOf } from './gate.ts';
import type { AuditedPort, AuditFacts } from './record.ts';

/** Findings in alloc_dax(), its stub and its callers. */
export function codeFindings(facts: AuditFacts): readonly Finding[] {
  return [
    ...gateFindings(facts),
    ...refusalFindings(facts),
    ...stubFindings(facts),
    ...facts.allocDax.callers.flatMap((caller) => callerFindings(caller)),
  ];
}

function gateFindings({ kernel, allocDax, ports }: AuditFacts): readonly Finding[] {
  const { definition } = allocDax;
  if (!definition) return [];
  if (kernel.gate.runTime.value === 'none') {
    const reachable = ports.some((p) =>
      p.machines.some(({ cell }) => cell.verdict.word === 'STALE' && !cell.verdict.latent),
    );
    return [
      {
        type: 'NO_RUN_TIME_GATE',
        level: reachable ? 'error' : 'check',
        place: definition.place,
        message: 'alloc_dax() does not ask whether the data cache aliases, nor does any filesystem',
        reach: reachable ? 'reachable' : 'latent',
        notes: [],
      },
    ];
  }
  const reach = ports.some((p) => p.built.DEV_DAX.value === 'y' && mayAlias(p))
    ? 'reachable'
    : 'latent';
  return definition.aliasTests
    .filter((test) => !test.exemptsNullOps)
    .map((test) => ({
      type: 'NULL_OPS_REFUSED',
      level: reach === 'reachable' ? 'warning' : 'check',
      place: test.place,
      message:
        `alloc_dax() refuses device-dax too: ${test.condition} does not look at the ` +
        'operations',
      reach,
      notes: ports
        .filter((p) => p.built.DEV_DAX.value === 'y' && mayAlias(p))
        .map((p) => ({ message: `${p.id} builds device-dax, and its predicate can be true` })),
    }));
}

function mayAlias(port: AuditedPort): boolean {
  return port.predicate.predicate.kind === 'defined';
}

/** One finding for each caller that breaks where alloc_dax() refuses. */
function refusalFindings({ kernel, allocDax, ports }: AuditFacts): readonly Finding[] {
  const { gate } = kernel;
  if (gate.runTime.value !== 'alloc_dax') return [];
  const failing = ports.filter((p) =>
    p.machines.some(({ cell }) => cell.verdict.word === 'FAIL' && !cell.verdict.latent),
  );
  return allocDax.callers.filter(mayBeRefused).flatMap((caller): readonly Finding[] => {
    const outcome = outcomeOf(caller, gate.refusal);
    if (outcome.kind !== 'fatal' && outcome.kind !== 'used') return [];
    const reachable = failing.length > 0 && caller.place.file.startsWith('drivers/nvdimm/');
    const what = outcome.kind === 'used' ? 'uses it as a device' : 'gives up the whole device';
    return [
      {
        type: 'REFUSAL_NOT_SURVIVED',
        level: reachable ? 'error' : 'check',
        place: caller.place,
        message:
          `${caller.function}() does not survive ${gate.refusal} from alloc_dax(): it ${what} ` +
          `(line ${outcome.line})`,
        reach: reachable ? 'reachable' : 'latent',
        notes: reachable ? failing.map(pmemNote) : [],
      },
    ];
  });
}

function pmemNote({ id }: AuditedPort): FindingNote {
  return { message: `${id}: BLK_DEV_PMEM can be built, and the predicate is true for a known CPU` };
}

function stubFindings({ allocDax }: AuditFacts): readonly Finding[] {
  const { stub, callers } = allocDax;
  if (stub?.returns.kind !== 'NULL') return [];
  const deceived = callers.filter((c) => c.onNull.kind === 'used');
  return [
    {
      type: 'STUB_RETURNS_NULL',
      level: 'check',
      place: stub.place,
      message: 'alloc_dax() returns NULL for CONFIG_DAX=n, where callers test for error pointers',
      reach: 'latent',
      notes: deceived.map((c) => ({
        place: c.place,
        message:
          `${c.function}() would use NULL as a device (line ${c.onNull.line}); not checked: ` +
          'whether it can be built with DAX=n',
      })),
    },
  ];
}

function callerFindings(caller: AllocDaxCaller): readonly Finding[] {
  const findings: Finding[] = [];
  if (caller.receiverIs !== 'none' && caller.tests.length === 0) {
    findings.push({
      type: 'RESULT_UNTESTED',
      level: 'error',
      place: caller.place,
      message: `${caller.function}() does not test the result of alloc_dax()`,
      reach: 'reachable',
      notes: [],
    });
  }
  const leak = storedLate(caller);
  if (leak) findings.push(leak);
  return findings;
}

/** The clean-up uses a field that is only set after dax_add_host() may already have failed. */
function storedLate(caller: AllocDaxCaller): Finding | undefined {
  const { file } = caller.place;
  const [store] = caller.stores;
  const [host] = caller.addHostLines;
  if (caller.storeOrder !== 'after-host' || !store || host === undefined) return undefined;
  const cleanUps = caller.releases.filter((r) => r.argument === store.field);
  if (cleanUps.length === 0) return undefined;
  return {
    type: 'STORED_AFTER_ADD_HOST',
    level: 'warning',
    place: { file, line: store.line, col: 1 },
    message:
      `${caller.function}() sets ${store.field} only after dax_add_host(): if that fails, the ` +
      'clean-up works on the unset field and the dax_device is leaked',
    reach: 'reachable',
    notes: [
      { place: { file, line: host, col: 1 }, message: 'dax_add_host() may fail here' },
      ...cleanUps.map((r) => ({
        place: { file, line: r.line, col: 1 },
        message: `${r.function}(${r.argument}) finds NULL and does nothing`,
      })),
    ],
  };
}
