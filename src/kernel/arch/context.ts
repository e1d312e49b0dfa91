// Whose steps a CPU performs: before a task's first step its address space is loaded, with what the
// port does to the cache on that occasion.

import { at } from '../../base/index.ts';
import type { MmStruct } from '../include/linux/mm.ts';
import { type Linux, subsystem, type Task } from '../linux.ts';
import { ConcreteExecutor, type FailurePlan } from '../run.ts';
import type { Lock, LockMode, Shared } from '../shared.ts';
import { get, type Maintenance, type Op, type Place, set } from '../steps.ts';
import { flushEverything } from './cache-ops.ts';
import { flushesOnSwitch } from './cacheflush.ts';
import { ArchState } from './state.ts';

/** Performs the steps of one task on its CPU. */
export class TaskExecutor extends ConcreteExecutor {
  readonly #linux: Linux;
  readonly #task: Task;
  readonly #state: ArchState;
  constructor(linux: Linux, task: Task, plan: FailurePlan) {
    super(at(linux.machine.cpus, task.cpu), plan);
    this.#linux = linux;
    this.#task = task;
    this.#state = subsystem(linux, ArchState);
  }
  override load(place: Place, lengthBytes: number): Uint8Array {
    this.#switch();
    return super.load(place, lengthBytes);
  }
  override store(place: Place, bytes: Uint8Array): void {
    this.#switch();
    super.store(place, bytes);
  }
  override maintain(what: Maintenance, place: Place, lengthBytes: number): void {
    this.#switch();
    super.maintain(what, place, lengthBytes);
  }
  override get<V>(shared: Shared<V>, key: number): V {
    this.#switch();
    return super.get(shared, key);
  }
  override lock(lock: Lock, mode: LockMode): boolean {
    this.#switch();
    return super.lock(lock, mode);
  }
  #switch(): void {
    const { cpu, mm } = this.#task;
    const { active_mm } = this.#state;
    if (active_mm.peek(cpu) === mm) return;
    active_mm.poke(cpu, mm);
    if (flushesOnSwitch(this.#linux)) at(this.#linux.machine.cpus, cpu).flushAll();
  }
}

/**
 * Loads an address space on a CPU by steps, as the executor above does between them: for processes
 * that take turns on one CPU while their schedules are explored.
 * @source arch/arm/include/asm/mmu_context.h switch_mm() v6.12
 */
export function* switch_mm(linux: Linux, cpu: number, mm: MmStruct): Op<void> {
  const { active_mm } = subsystem(linux, ArchState);
  if ((yield* get(active_mm, cpu)) === mm) return;
  yield* set(active_mm, cpu, mm);
  if (flushesOnSwitch(linux)) yield* flushEverything(linux);
}

/** Notes that a CPU runs tasks of one address space alone. */
export function loadMm(linux: Linux, cpu: number, mm: MmStruct): void {
  subsystem(linux, ArchState).active_mm.poke(cpu, mm);
}
