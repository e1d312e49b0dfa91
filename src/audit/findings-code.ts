// Rules about alloc_dax() itself and about its callers.

import { canBeTrue, type DaxSymbol } from '../kernel/index.ts';
import type { AllocDaxCaller } from './c/index.ts';
import type { Finding, FindingNote, Reach } from './finding.ts';
import { mayBeRefused, outcomeOf } from './gate.ts';
import type { AuditedPort, AuditFacts } from './record.ts';

/** Findings in alloc_dax(), its stub and its callers. */
export function codeFindings(facts: AuditFacts): readonly Finding[] {
  return [
    ...gateFindings(facts),
    ...refusalFindings(facts),
    ...stubFindings(facts),
    ...facts.allocDax.callers.flatMap((caller) => callerFindings(facts, caller)),
  ];
}

function gateFindings({ kernel, allocDax, ports }: AuditFacts): readonly Finding[] {
  const { definition } = allocDax;
  if (!definition) return [];
  if (kernel.gate.runTime.value === 'none') {
    const reachable = ports.some((p) =>
      p.machines.some(({ cell }) => cell.verdict.word === 'STALE' && cell.verdict.latent === false),
    );
    return [
      {
        type: 'NO_RUN_TIME_GATE',
        level: reachable ? 'error' : 'check',
        place: definition.place,
        message: 'alloc_dax() does not ask whether the data cache aliases, nor does any filesystem',
        reach: reachable ? 'reachable' : 'latent',
        notes: [],
        function: 'alloc_dax',
      },
    ];
  }
  return definition.aliasTests
    .filter((test) => !test.exemptsNullOps)
    .map(({ place, condition }) => nullOpsRefused(ports, place, condition));
}

function nullOpsRefused(
  ports: readonly AuditedPort[],
  place: Finding['place'],
  condition: string,
): Finding {
  const deviceDax = ports.filter((p) => can(p, 'DEV_DAX'));
  const refused = deviceDax.filter(mayAlias);
  const open = deviceDax.some((p) => p.predicate.predicate.kind === 'not-checked');
  const reach = refused.length > 0 ? 'reachable' : open ? 'not-checked' : 'latent';
  return {
    type: 'NULL_OPS_REFUSED',
    level: reach === 'reachable' ? 'warning' : 'check',
    place,
    message: `alloc_dax() refuses device-dax too: ${condition} does not look at the operations`,
    reach,
    notes: refused.map(({ id }) => ({
      message: `${id} builds device-dax, and its predicate can be true`,
    })),
    function: 'alloc_dax',
  };
}

function mayAlias({ predicate: { predicate } }: AuditedPort): boolean {
  return predicate.kind === 'defined' && canBeTrue(predicate.expr);
}

function can({ built }: AuditedPort, symbol: DaxSymbol): boolean {
  return built[symbol].value === 'y' || built[symbol].value === 'm';
}

/** One finding for each caller that breaks where alloc_dax() refuses. */
function refusalFindings({ kernel, allocDax, ports }: AuditFacts): readonly Finding[] {
  const { gate } = kernel;
  if (gate.runTime.value !== 'alloc_dax') return [];
  const failing = ports.filter((p) =>
    p.machines.some(({ cell }) => cell.verdict.word === 'FAIL' && cell.verdict.latent === false),
  );
  const refused = ports.some((p) => mayAlias(p) || p.predicate.predicate.kind === 'not-checked');
  return allocDax.callers.filter(mayBeRefused).flatMap((caller): readonly Finding[] => {
    const outcome = outcomeOf(caller, gate.refusal);
    if (outcome.kind !== 'fatal' && outcome.kind !== 'used') return [];
    const builtIf = buildSymbol(caller);
    const reachable = failing.length > 0 && builtIf === 'BLK_DEV_PMEM';
    const otherwise = refused && builtIf === undefined ? 'not-checked' : 'latent';
    const what = outcome.kind === 'used' ? 'uses it as a device' : 'gives up the whole device';
    return [
      {
        type: 'REFUSAL_NOT_SURVIVED',
        level: reachable ? 'error' : 'check',
        place: caller.place,
        message:
          `${caller.function}() does not survive ${gate.refusal} from alloc_dax(): it ${what} ` +
          `(line ${outcome.line})`,
        reach: reachable ? 'reachable' : otherwise,
        notes: reachable ? failing.map(pmemNote) : [],
        function: caller.function,
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
  const open = callers.filter((c) => isDeceived(c) && !needsDax(c));
  return [
    {
      type: 'STUB_RETURNS_NULL',
      level: 'check',
      place: stub.place,
      message: 'alloc_dax() returns NULL for CONFIG_DAX=n, where callers test for error pointers',
      reach: open.length > 0 ? 'not-checked' : 'latent',
      notes: open.map((c) => ({
        place: c.place,
        message: `not checked: whether ${c.function}() can be built with DAX=n`,
      })),
      function: 'alloc_dax',
      conditions: ['!CONFIG_DAX'],
    },
  ];
}

function isDeceived({ onNull }: AllocDaxCaller): boolean {
  return onNull.kind === 'used' || onNull.kind === 'not-checked';
}

/**
 * With DAX=n the caller is not built, or its call is compiled out: these symbols select DAX or
 * depend on it.
 * @source drivers/dax/Makefile, fs/Kconfig FS_DAX, fs/fuse/Kconfig FUSE_DAX v6.1
 */
function needsDax({ place, guards }: AllocDaxCaller): boolean {
  const ofDax = /(?:^|&&)\(*IS_(?:ENABLED|BUILTIN|REACHABLE)\(CONFIG_(?:(?:FS|FUSE|DEV)_)?DAX\)/;
  const excludes = (guard: string): boolean => ofDax.test(guard) && !guard.includes('||');
  return place.file.startsWith('drivers/dax/') || guards.some(excludes);
}

/**
 * The symbol that alone decides whether the call is built, where that is known.
 * @source drivers/nvdimm/Makefile BLK_DEV_PMEM v6.1
 */
function buildSymbol({ place, guards }: AllocDaxCaller): DaxSymbol | undefined {
  const configured = guards.some((guard) => guard.includes('CONFIG_'));
  return place.file === 'drivers/nvdimm/pmem.c' && !configured ? 'BLK_DEV_PMEM' : undefined;
}

function reachWith(
  { ports }: AuditFacts,
  caller: AllocDaxCaller,
  needed: readonly DaxSymbol[],
): Reach {
  const symbol = buildSymbol(caller);
  if (symbol === undefined) return 'not-checked';
  const all = [symbol, ...needed];
  return ports.some((port) => all.every((s) => can(port, s))) ? 'reachable' : 'latent';
}

function callerFindings(facts: AuditFacts, caller: AllocDaxCaller): readonly Finding[] {
  const findings: Finding[] = [];
  if (caller.receiverIs !== 'none' && caller.tests.length === 0) {
    const reach = reachWith(facts, caller, []);
    findings.push({
      type: 'RESULT_UNTESTED',
      level: reach === 'reachable' ? 'error' : 'check',
      place: caller.place,
      message: `${caller.function}() does not test the result of alloc_dax()`,
      reach,
      notes: [],
      function: caller.function,
    });
  }
  const leak = storedLate(facts, caller);
  if (leak) findings.push(leak);
  return findings;
}

/**
 * The clean-up uses a field that is only set after dax_add_host() may already have failed.
 * @source include/linux/dax.h dax_add_host() v6.1 (a stub that returns 0 where FS_DAX is n)
 */
function storedLate(facts: AuditFacts, caller: AllocDaxCaller): Finding | undefined {
  const { file } = caller.place;
  const [store] = caller.stores;
  const [host] = caller.addHostLines;
  if (caller.storeOrder !== 'after-host' || !store || host === undefined) return undefined;
  const cleanUps = caller.releases.filter((r) => r.argument === store.field);
  if (cleanUps.length === 0) return undefined;
  const reach = reachWith(facts, caller, ['FS_DAX']);
  return {
    type: 'STORED_AFTER_ADD_HOST',
    level: reach === 'reachable' ? 'warning' : 'check',
    place: { file, line: store.line, col: 1 },
    message:
      `${caller.function}() sets ${store.field} only after dax_add_host(): if that fails (with ` +
      'FS_DAX=y), the clean-up works on the unset field and the dax_device is leaked',
    reach,
    notes: [
      { place: { file, line: host, col: 1 }, message: 'dax_add_host() may fail here' },
      ...cleanUps.map((r) => ({
        place: { file, line: r.line, col: 1 },
        message: `${r.function}(${r.argument}) finds NULL and does nothing`,
      })),
    ],
    path: true,
    function: caller.function,
    conditions: ['CONFIG_FS_DAX'],
  };
}
