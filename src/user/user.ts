// A user of a modelled kernel: one process with open files and mappings under names, and the
// operations of the recordings of real kernels.

import { type Result, fail, ok } from '../base/index.ts';
import {
  type File,
  type Linux,
  type NdNamespace,
  type Op,
  type Task,
  attachRoles,
  do_munmap,
  fput,
  new_task,
  registerFileSystems,
  run,
  start_kernel,
} from '../kernel/index.ts';
import { Args, type RawArgs } from './args.ts';
import { OPERATIONS, usageText } from './operations.ts';
import type { Outcome } from './outcome.ts';
import { makeRoot } from './root.ts';
import type { UserSetup } from './setup.ts';

/** A mapping under a name. */
export interface Mapping {
  /** User address in bytes. */
  readonly address: number;
  readonly length: number;
}

/** A kernel that runs, with one process to talk to it. */
export class User {
  /** The running kernel; another one after a crash. */
  linux: Linux;
  task: Task;
  /** Open files by the names that operations give them. */
  readonly files = new Map<string, File>();
  readonly mappings = new Map<string, Mapping>();
  readonly setup: UserSetup;
  /** Namespaces of persistent memory by role; another kernel has others. */
  namespaces: ReadonlyMap<string, NdNamespace>;

  /** Boots a kernel with the devices of the recordings and an empty root file system. */
  constructor(setup: UserSetup) {
    this.setup = setup;
    const { linux, task, namespaces } = boot(setup, undefined);
    this.linux = linux;
    this.task = task;
    this.namespaces = namespaces;
  }

  /**
   * Power fails, and the kernel boots again: caches, RAM, open files and mappings are gone, media
   * keep what reached them.
   */
  crash(): void {
    this.linux.machine.crash();
    this.files.clear();
    this.mappings.clear();
    const { linux, task, namespaces } = boot(this.setup, this.linux);
    this.linux = linux;
    this.task = task;
    this.namespaces = namespaces;
  }

  /** Performs an operation by name; a Problem where there is no such operation or argument. */
  perform(op: string, raw: RawArgs): Result<Outcome> {
    const operation = Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
    if (operation === undefined) return fail({ what: `there is no operation '${op}'` });
    const args = new Args(op, raw);
    const act = operation.read(args);
    const problem = args.problem();
    if (problem === undefined) return ok(act(this));
    return fail({ hint: `usage: ${usageText(op)}`, ...problem });
  }

  /**
   * Runs a kernel function for this process. Undefined: it waits for a lock that nobody will
   * release, and the process sleeps for ever.
   */
  run<T>(op: Op<T>): T | undefined {
    const ran = run(op, this.linux.executor(this.task));
    return ran.kind === 'done' ? ran.value : undefined;
  }

  /** Closes what is open, as the end of the process does. */
  end(): void {
    for (const [name, { address, length }] of this.mappings) {
      this.run(do_munmap(this.task, address, length));
      this.mappings.delete(name);
    }
    for (const [name, file] of this.files) {
      this.run(fput(file));
      this.files.delete(name);
    }
  }
}

function boot(
  setup: UserSetup,
  former: Linux | undefined,
): {
  readonly linux: Linux;
  readonly task: Task;
  readonly namespaces: ReadonlyMap<string, NdNamespace>;
} {
  const linux = start_kernel({ ...setup, ...(former === undefined ? {} : { former }) });
  const task = new_task(linux, 0);
  registerFileSystems(linux);
  makeRoot(task);
  return { linux, task, namespaces: attachRoles(linux, setup.roles) };
}
