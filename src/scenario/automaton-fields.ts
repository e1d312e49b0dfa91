// The fields of memory and caches of a scene: which addresses its threads use for the bytes that
// are followed, and which values those can have.

import { at } from '../base/index.ts';
import type { Mapping, Program } from '../litmus/index.ts';
import type { Automata } from './automaton.ts';
import type { Place } from './automaton-run.ts';
import { type CacheModel, copyKey } from './cache-model.ts';
import { type MappingKey, type Names, nameFields } from './names.ts';

/** Memory and copies as fields; bytes are told by their numbers in `byteValues`. */
export function nameMemory(
  automata: Automata,
  model: CacheModel,
  byteValues: readonly number[],
): Names {
  const { scene, sharing } = automata;
  const { tracking } = sharing;
  const keys = mappingKeys(automata, model);
  const lines = tracking.lines.map((line) => ({
    ...line,
    cells: [...tracking.bytes.entries()]
      .filter(([, byte]) => byte.line === line.name)
      .map(([index]) => byteValues.indexOf(tracking.initial(index))),
  }));
  const program: Program = {
    name: 'scene',
    title: '',
    about: '',
    lines,
    mappings: keys.map(({ mapping }) => mapping),
    threads: scene.threads.map(({ name, cpu }) => ({ name, cpu: cpu ?? 0, steps: [] })),
    question: { quantifier: 'exists', condition: { op: 'true' } },
    sources: [],
    valueBits: bitsFor(byteValues.length - 1),
  };
  return nameFields(program, {
    model,
    ops: [],
    keys,
    mappedAtStart: new Set(keys.map(({ mapping }) => mapping.name)),
    asks: { crashed: true, deadlock: true },
  });
}

/** `page V of P`: the address page by which a byte is reached, and the page frame. */
export function mappingName(automata: Automata, place: Place, byte: number): string {
  const { tracking } = automata.sharing;
  const { PAGE_SIZE } = automata.scene.linux;
  const { paddr } = at(tracking.bytes, byte);
  const vaddr = place.vaddr + (paddr - place.paddr);
  return `page ${Math.floor(vaddr / PAGE_SIZE)} of ${tracking.pageOf(paddr)}`;
}

function mappingKeys(automata: Automata, model: CacheModel): readonly MappingKey[] {
  const found = new Map<string, Mapping>();
  const { PAGE_SIZE, PAGE_OFFSET } = automata.scene.linux;
  const { tracking } = automata.sharing;
  for (const { visible } of automata.threads.flatMap(({ nodes }) => nodes)) {
    if (visible.kind !== 'load' && visible.kind !== 'store' && visible.kind !== 'maintain') {
      continue;
    }
    const name = mappingName(automata, visible.place, visible.byte);
    const colour = Number(name.split(' ')[1]);
    const page = tracking.pageOf(at(tracking.bytes, visible.byte).paddr);
    const side = colour * PAGE_SIZE >= PAGE_OFFSET ? 'kernel' : 'user';
    found.set(name, { name, page, side, colour });
  }
  return [...found.values()].map((mapping) => {
    const colour = (mapping.colour ?? 0) % model.colours;
    return { mapping, colour, key: copyKey(model, { name: mapping.name, colour }) };
  });
}

/** Values that followed bytes can have: those at the start, and all that are stored. */
export function valuesOfBytes(automata: Automata): readonly number[] {
  const { tracking } = automata.sharing;
  const values = new Set(tracking.bytes.map((_, index) => tracking.initial(index)));
  for (const { visible } of automata.threads.flatMap(({ nodes }) => nodes)) {
    if (visible.kind === 'store') values.add(visible.value);
  }
  return [...values, ...(values.size === 0 ? [0] : [])];
}

/** Bits of a field that holds numbers up to `max`. */
export function bitsFor(max: number): number {
  return Math.max(1, Math.ceil(Math.log2(max + 1)));
}
