// Lists of what can be named on the command line.

import type { FindingTypeInfo } from '../audit/index.ts';
import { congruence, type Machine } from '../hw/index.ts';
import type { Kernel } from '../kernel/index.ts';
import type { Program } from '../litmus/index.ts';
import type { RemedyInfo } from '../scenario/index.ts';
import { bytesText, labelled, tableLines } from './layout.ts';
import { cacheText } from './matrix-text.ts';

/** Ids of machines with their geometry and marks; a legend explains the marks that occur. */
export function machineList(machines: readonly Machine[]): string {
  const rows = machines.map((m) => [
    m.id,
    m.name,
    m.arch,
    bytesText(m.pageBytes),
    marksOf(m),
    cacheText(m.dcache),
  ]);
  const legend = [
    { mark: 'H', text: 'example figures from a vendor manual, not read in the kernel' },
    { mark: 'A', text: 'what is true of it rests on an assumption, named with --json' },
  ].filter(({ mark }) => machines.some((m) => marksOf(m).includes(mark)));
  const lead = legend.length === 0 ? [] : [''];
  return (
    table(['id', 'CPU', 'arch', 'page', '', 'L1 data cache'], rows) +
    [...lead, ...legend.flatMap(({ mark, text }) => labelled(mark, text, 4))]
      .map((line) => `${line}\n`)
      .join('')
  );
}

function marksOf(machine: Machine): string {
  const example = machine.exampleGeometry === true ? 'H' : '';
  return machine.assumes === undefined ? example : `${example}A`;
}

/** For each machine SHMLBA, the modulus that makes two addresses one line; whether it suffices. */
export function congruenceList(machines: readonly Machine[]): string {
  return table(
    ['id', 'arch', 'page', 'SHMLBA', 'right modulus', 'SHMLBA suffices'],
    machines.map((machine) => {
      const { shmlbaBytes, modulus, shmlbaSuffices } = congruence(machine);
      return [
        machine.id,
        machine.arch,
        bytesText(machine.pageBytes),
        bytesText(shmlbaBytes),
        modulus.kind === 'bytes' ? bytesText(modulus.bytes) : 'none',
        shmlbaSuffices ? 'yes' : 'no',
      ];
    }),
  );
}

/** Ids of kernels with their titles. */
export function kernelList(kernels: readonly Kernel[]): string {
  return lines(kernels.flatMap((k) => labelled(k.id, k.title, 6)));
}

/** Names of scenarios with their titles. */
export function scenarioList(scenarios: readonly Program[]): string {
  return lines(scenarios.map((s) => `${s.name.padEnd(5)} ${s.title}`));
}

/** Names of remedies with what they do. */
export function remedyList(remedies: readonly RemedyInfo[]): string {
  return lines(remedies.flatMap((r) => labelled(r.name, r.about, 17)));
}

/** Types of findings with their titles. */
export function typeList(types: readonly FindingTypeInfo[]): string {
  return lines(types.flatMap((t) => labelled(t.type, t.title, 23)));
}

/** Ports with their architecture and what they stand for. */
export function portList(
  ports: readonly { readonly id: string; readonly arch: string; readonly note: string }[],
): string {
  return table(
    ['port', 'arch', 'what'],
    ports.map((p) => [p.id, p.arch, p.note]),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return lines(
    tableLines(
      heads.map((head) => ({ head })),
      rows,
    ),
  );
}

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}
