// Rules about the two halves of the alias predicate: the symbol that Kconfig selects, and the
// definition in asm/cachetype.h.

import { present } from '../base/index.ts';
import type { Finding, Reach } from './finding.ts';
import { placeOf } from './place.ts';
import type { AuditedPort, AuditFacts } from './record.ts';

/** One finding for each header that does not agree with the selects of its architecture. */
export function headerFindings(facts: AuditFacts): readonly Finding[] {
  const groups = new Map<string, AuditedPort[]>();
  for (const port of facts.ports) {
    const { name, arch } = port.predicate;
    if (name === undefined || port.headerNames === 'not-checked') continue;
    if (isSelected(port) === port.headerNames) continue;
    const key = `${port.headerNames} ${arch}`;
    groups.set(key, [...(groups.get(key) ?? []), port]);
  }
  return [...groups.values()].map((ports) =>
    ports.every(isSelected) ? selectWithoutHeader(facts, ports) : headerWithoutSelect(ports),
  );
}

function isSelected({ built }: AuditedPort): boolean {
  return built.ARCH_HAS_CPU_CACHE_ALIASING.value === 'y';
}

// The header may not exist, the line that selects does.
function selectWithoutHeader({ kernel }: AuditFacts, ports: readonly AuditedPort[]): Finding {
  const { predicate, built } = present(ports[0], 'port that selects');
  const { arch, name, symbol, selectedAt } = predicate;
  const tests = kernel.gate.runTime.value === 'alloc_dax';
  const reach: Reach = tests && ports.some(canBuildDax) ? 'reachable' : 'not-checked';
  const [first, ...others] = selectedAt;
  return {
    type: 'SELECT_WITHOUT_HEADER',
    level: reach === 'reachable' ? 'error' : 'check',
    place: placeOf(first ? [first] : built.ARCH_HAS_CPU_CACHE_ALIASING.sources),
    message:
      `${symbol ?? 'the symbol'} is selected on ${idsOf(ports)}, but ${headerOf(arch)} does not ` +
      `define ${name}()`,
    reach,
    notes: others.map((s) => ({ place: placeOf([s]), message: 'selected here too' })),
  };
}

function headerWithoutSelect(ports: readonly AuditedPort[]): Finding {
  const { predicate } = present(ports[0], 'port that does not select');
  const { arch, name, symbol } = predicate;
  const reach: Reach = ports.some(({ built }) => built.FS_DAX.value === 'y')
    ? 'reachable'
    : 'not-checked';
  return {
    type: 'HEADER_WITHOUT_SELECT',
    level: reach === 'reachable' ? 'warning' : 'check',
    place: { file: headerOf(arch), line: 1, col: 1 },
    message: `${name}() is defined, but ${idsOf(ports)} does not select ${symbol ?? 'the symbol'}`,
    reach,
    notes: [],
  };
}

function canBuildDax({ built }: AuditedPort): boolean {
  return built.DAX.value === 'y' || built.DAX.value === 'm';
}

function headerOf(arch: string): string {
  return `arch/${arch}/include/asm/cachetype.h`;
}

function idsOf(ports: readonly AuditedPort[]): string {
  return ports.map(({ id }) => id).join(', ');
}
