// Lists of what can be named on the command line.

import type { FindingTypeInfo, Protocol } from '../audit/index.ts';
import { congruence, type Machine } from '../hw/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { type Primitive, type Program, signature } from '../litmus/index.ts';
import type { RemedyInfo } from '../scenario/index.ts';
import { bytesText, labelled, wrap } from './layout.ts';
import { tableLines } from './table.ts';
import { cacheText } from './machine-text.ts';

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

/** Protocols with what they call their object, and the functions that give one. */
export function protocolList(protocols: readonly Protocol[]): string {
  return lines(
    protocols.flatMap((one) => {
      const { name, title, acquire } = protocolItem(one);
      return labelled(name, `${title}: ${acquire.map((f) => `${f}()`).join(', ')}`, 13);
    }),
  );
}

/** A protocol as `dachs list protocols` tells it. */
export function protocolItem({ name, title, acquire, sources }: Protocol) {
  return { name, title, acquire: [...new Set(acquire.map((one) => one.function))], sources };
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

/** Shelves of the catalogue with their tests. */
export function shelfList(
  shelves: readonly {
    readonly name: string;
    readonly about: string;
    readonly tests: readonly string[];
  }[],
): string {
  const blocks = shelves.map(({ name, about, tests }) => [
    ...labelled(name, `${about} (${tests.length})`, 14),
    ...tests.map((test) => `  ${test}`),
    '',
  ]);
  const count = shelves.reduce((sum, s) => sum + s.tests.length, 0);
  return lines([...blocks.flat(), `${count} tests on ${shelves.length} shelves`]);
}

/** Primitives under their headings, each with what it does and what the model leaves out. */
export function primitiveList(primitives: readonly Primitive[]): string {
  const groups = [...new Set(primitives.map((p) => p.group))];
  return lines(
    groups.flatMap((group, i) => [
      ...(i === 0 ? [] : ['']),
      group,
      ...primitives.filter((p) => p.group === group).flatMap(primitiveLines),
    ]),
  );
}

function primitiveLines(primitive: Primitive): readonly string[] {
  const gives = primitive.gives ? 'r0 = ' : '';
  return [
    `  ${gives}${signature(primitive)}`,
    ...wrap(primitive.help, 6),
    ...(primitive.model === '' ? [] : wrap(`Model: ${primitive.model}`, 6)),
  ];
}

/** A primitive as an item of a JSON list: its row of the table without the code. */
export function primitiveItem(primitive: Primitive) {
  const { name, params, gives, group, help, model, mayFail } = primitive;
  return { name, params, gives, group, help, model, mayFail: mayFail ?? false };
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
