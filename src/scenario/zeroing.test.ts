// Zeroed pages for users, in every schedule: what a program sees of the page that another one had
// before, and what becomes of its own first store. The kernel zeroes by its own address; the port
// knows that the user has another. 5708d96da20b left the port out, and 6.13 asks the predicates.

import { describe, expect, test } from 'vitest';
import { assert, at, present } from '../base/index.ts';
import { search } from '../explore/index.ts';
import { colours, type Machine, machineById, machines } from '../hw/index.ts';
import {
  believesAliasing,
  defaultConfig,
  do_mmap,
  type Op,
  start_kernel,
  user_load,
  user_store,
  type UserZeroing,
} from '../kernel/index.ts';
import { closeScene, sceneEnds } from './automaton-search.ts';
import { cacheModelOf } from './cache-model.ts';

const OLD = 7;
const NEW = 1;

/** What may go wrong with byte 0, which nobody stores to, and byte 1, which the program does. */
interface Outcome {
  /** The program loads what the page held before. */
  readonly seesOld: boolean;
  /** Its store is gone once all lines are in memory. */
  readonly losesStore: boolean;
}

const wrong = { seesOld: true, losesStore: true };
const right = { seesOld: false, losesStore: false };

const rule = (one: UserZeroing['rule'], answers: Partial<UserZeroing> = {}): UserZeroing => ({
  init_on_alloc: true,
  rule: one,
  cpu_dcache_is_aliasing: false,
  cpu_icache_is_aliasing: false,
  ...answers,
});

/** Lines come in when a program asks for them alone, or whenever hardware likes. */
type Fills = 'demand' | 'any';

/**
 * A program stores to its new page and loads a neighbour of what it has stored to. The frame that
 * it gets is of another colour than its address, and held something before.
 */
function outcome(id: string, zeroing: UserZeroing, fills: Fills = 'any'): Outcome {
  const machine = present(machineById(id), `machine ${id}`);
  const linux = start_kernel({
    machine,
    release: '6.12',
    config: defaultConfig(machine, '6.12', { fsDax: false }),
    gate: 'stock',
    cpu_dcache_is_aliasing: true,
    zeroing,
  });
  const task = at(linux.tasks, 0);
  const { PAGE_SIZE } = linux;
  const map = { offset: 0, length: PAGE_SIZE, read: true, write: true, type: 'private' } as const;
  const address = linux.now(do_mmap(task, map));
  const { dcache } = machine;
  const count = dcache ? colours(dcache, machine.pageBytes) : 1;
  const colour = (vaddr: number) => Math.floor(vaddr / PAGE_SIZE) % count;
  const { ram } = linux;
  while (count > 1 && colour(linux.PAGE_OFFSET + ram.next * PAGE_SIZE) === colour(address)) {
    ram.next++;
  }
  const paddr = ram.next * PAGE_SIZE;
  linux.machine.memory.write(paddr, new Uint8Array(PAGE_SIZE).fill(OLD));
  const thread = {
    name: 'P0',
    *run(): Op<number | undefined> {
      yield* user_store(task, address + 1, new Uint8Array([NEW]));
      const access = yield* user_load(task, address, 1);
      return access.kind === 'done' ? access.value[0] : undefined;
    },
  };
  const lineBytes = dcache?.lineBytes ?? 32;
  const memory = { model: cacheModelOf(machine), lineBytes, bytes: [paddr, paddr + 1] };
  const scene = { linux, threads: [thread], memory, noFailures: true, settles: true };
  const found = closeScene(scene, search);
  assert(found.kind === 'closed', 'the scene is closed');
  const { system } = found;
  const asked = system.actions.filter((a) => fills === 'any' || !a.id.startsWith('fill.'));
  // What was searched with all fills does not tell about fewer.
  const { confirmed: _, ...rest } = found;
  const ends = sceneEnds({ ...rest, system: { ...system, actions: asked } }, search);
  return {
    seesOld: ends.some(({ results }) => results[0] === OLD),
    losesStore: ends.some(({ bytes }) => bytes[1] !== NEW),
  };
}

function fails(id: string, zeroing: UserZeroing, fills: Fills): boolean {
  const { seesOld, losesStore } = outcome(id, zeroing, fills);
  return seesOld || losesStore;
}

const plain = ['cortex-a15', '74kc', 'skylake', 'cortex-a53'] as const;

describe.each(plain)('%s: no two lines, nothing to ask', (id) => {
  test.each(['always', 'skip', 'ask'] as const)('%s', (one) => {
    expect(outcome(id, rule(one))).toEqual(right);
  });
});

// ARC's port has not known aliases since 6.12: what aliases there is broken as it is.
const sound = machines.filter(({ id }) => !fails(id, rule('always'), 'demand'));

/** Architectures of the machines on which a rule fails, and those on which a store is lost. */
function broken(zeroing: UserZeroing, fills: Fills) {
  const arches = (of: readonly Machine[]) => [...new Set(of.map(({ arch }) => arch))];
  const found = sound.filter(({ id }) => fails(id, zeroing, fills));
  const lost = found.filter(({ id }) => outcome(id, zeroing, fills).losesStore);
  return { sees: arches(found), loses: arches(lost) };
}

describe('the port is left out where the allocator has zeroed the page', () => {
  // Ports that flush when the page is mapped for the first time are saved by that.
  test("the program's own accesses show it where mapping flushes nothing", () => {
    const arches = ['mips', 'parisc', 'sparc32', 'xtensa'];
    expect(broken(rule('skip'), 'demand')).toEqual({ sees: arches, loses: arches });
  });

  test('hardware that reads ahead shows old contents on the others that write back', () => {
    expect(broken(rule('skip'), 'any')).toEqual({
      sees: ['arm', 'mips', 'sh', 'parisc', 'sparc32', 'xtensa', 'nios2'],
      loses: ['mips', 'parisc', 'sparc32', 'xtensa'],
    });
  });

  test('write-through caches with aliases: the zeroes are in memory at once', () => {
    const ids = ['ultrasparc-2', 'turbosparc', 'm68030'];
    expect(ids.filter((id) => fails(id, rule('skip'), 'any'))).toEqual([]);
  });
});

// The answer of a port that was told a wrong cache size is wrong for this user as well.
test("the mend: with the kernel's own predicate every machine but one is as it was before", () => {
  const differ = machines.filter((machine) => {
    const cpu_dcache_is_aliasing = believesAliasing(machine, '6.12');
    const asked = outcome(machine.id, rule('ask', { cpu_dcache_is_aliasing }));
    const before = outcome(machine.id, rule('always'));
    return asked.seesOld !== before.seesOld || asked.losesStore !== before.losesStore;
  });
  expect(differ.map(({ id }) => id)).toEqual(['nios2-32k-misconfig']);
});

test('the predicate of either cache brings the port back', () => {
  const one = { cpu_icache_is_aliasing: true };
  expect(outcome('r5000', rule('skip', one))).toEqual(wrong);
  expect(outcome('r5000', rule('ask', one))).toEqual(right);
});

test('a page is zeroed once where the allocator leaves pages as they are', () => {
  expect(outcome('r5000', { ...rule('skip'), init_on_alloc: false })).toEqual(right);
});
