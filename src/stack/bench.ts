// The system of a litmus test that runs on a kernel, as it is when the threads start: devices
// attached, file systems made and mounted, files written and open, pages mapped.

import { assert, at, fail, ok, present, type Result } from '../base/index.ts';
import type { Machine } from '../hw/index.ts';
import {
  believesAliasing,
  defaultConfig,
  type File,
  flushesOnSwitch,
  type KernelRemedy,
  type Linux,
  Lock,
  new_task,
  OMITTABLE,
  type ReleaseId,
  sDaxDesigns,
  Shared,
  type Task,
} from '../kernel/index.ts';
import type { Program, StackAddress, StackFile, StackProgram } from '../litmus/index.ts';
import { User, type UserSetup } from '../user/index.ts';
import { makeDevices, rolesOf } from './devices.ts';
import { makeFiles } from './files.ts';
import { askColour, mapAddress } from './mappings.ts';
import { sharedCpus } from './turns.ts';

/** What a test is run on. */
export interface StackSetting {
  readonly machine: Machine;
  readonly release: ReleaseId;
  readonly remedy: KernelRemedy;
  /** Which chances fail; absent: none does by itself. */
  readonly plan?: (what: string) => boolean;
}

/** A mapping that a thread uses; one that is not mapped yet has no address. */
export interface MappedAddress {
  readonly declared: StackAddress;
  address: number | undefined;
  /** Where a thread is to map it: at the colour that it asks for. */
  asked?: number;
}

/** The system, and what the names of the test stand for in it. */
export interface Bench {
  readonly user: User;
  readonly linux: Linux;
  readonly program: Program;
  readonly stack: StackProgram;
  /** By process. */
  readonly tasks: readonly Task[];
  /** Block devices, by the name of the device. */
  readonly paths: Map<string, string>;
  /** Paths of files, and open files by process. */
  readonly filePaths: Map<string, string>;
  readonly open: Map<string, File>;
  readonly addresses: ReadonlyMap<string, MappedAddress>;
  readonly variables: ReadonlyMap<string, Shared<number>>;
  /** Of the test, and of CPUs that several processes share. */
  readonly locks: ReadonlyMap<string, Lock>;
  readonly lineBytes: number;
}

/** The name under which a file is open in a process. */
export function openName(file: string, process: number): string {
  return `${file} ${process}`;
}

/** The offset of a cell in its file, in bytes. */
export function offsetOf(bench: Bench, file: string, line: string, cell: number): number {
  const declared = fileNamed(bench, file);
  const page = pageOf(bench, line);
  const index = declared.pages.indexOf(page);
  assert(index >= 0, `${line} is in ${file}`);
  return index * bench.linux.PAGE_SIZE + offsetInPage(bench, line, cell);
}

/** The offset of a cell in its page: each line of the test is a cache line of its own. */
export function offsetInPage({ program, lineBytes }: Bench, line: string, cell: number): number {
  const page = present(
    program.lines.find((one) => one.name === line),
    `line ${line}`,
  ).page;
  const lines = program.lines.filter((one) => one.page === page);
  return lines.findIndex((one) => one.name === line) * lineBytes + cell;
}

/** The page that a line of the test is in. */
export function pageOf({ program }: Pick<Bench, 'program'>, line: string): string {
  return present(
    program.lines.find((one) => one.name === line),
    `line ${line}`,
  ).page;
}

/** The task of a process. */
export function taskOf({ tasks }: Pick<Bench, 'tasks'>, process: number): Task {
  return at(tasks, process);
}

/** What the test declares of a file. */
export function fileNamed({ stack }: Pick<Bench, 'stack'>, name: string): StackFile {
  return present(
    stack.files.find((file) => file.name === name),
    `file ${name}`,
  );
}

/** Sets the system up; a problem where this kernel, on this machine, cannot be brought there. */
export function setUp(program: Program, setting: StackSetting): Result<Bench> {
  const stack = present(program.stack, 'what the test runs on');
  const { machine } = setting;
  const [virtual] = stack.devices.filter(({ kind }) => kind === 'dcssblk');
  if (virtual) return fail({ what: 'dcssblk does not run in litmus tests yet' });
  const user = new User({ ...userSetup(stack, setting), roles: rolesOf(stack) });
  const { linux } = user;
  const processes = Math.max(0, ...stack.processes.values()) + 1;
  const tasks = [user.task];
  while (tasks.length < processes) tasks.push(new_task(linux, 0));
  const bench: Bench = {
    user,
    linux,
    program,
    stack,
    tasks,
    paths: new Map(),
    filePaths: new Map(),
    open: new Map(),
    addresses: new Map(stack.addresses.map((a) => [a.name, { declared: a, address: undefined }])),
    variables: new Map(variablesOf(program)),
    locks: new Map([
      ...(program.locks ?? []).map((name) => [name, new Lock(name)] as const),
      ...sharedCpus({ linux, program, stack, tasks }),
    ]),
    lineBytes: machine.dcache?.lineBytes ?? 32,
  };
  const unknown = prefetchInTurns(bench);
  if (unknown !== undefined) return fail({ what: unknown });
  const devices = makeDevices(bench);
  if (!devices.ok) return devices;
  const made = makeFiles(bench);
  if (!made.ok) return made;
  for (const mapped of bench.addresses.values()) {
    if (fileNamed(bench, mapped.declared.file).options.has('closed')) continue;
    if (mapped.declared.unmapped) {
      askColour(bench, mapped);
      continue;
    }
    const answer = mapAddress(bench, mapped);
    if (answer < 0) return fail({ what: `mmap() of ${mapped.declared.name} gives ${answer}` });
  }
  for (const cpu of linux.machine.cpus) cpu.flushAll();
  return ok(bench);
}

// Hardware is taken to fill lines of every address space, also of one that is not loaded now.
function prefetchInTurns({ linux, stack, locks, program }: Bench): string | undefined {
  const isShared = locks.size > (program.locks ?? []).length;
  if (!isShared || !flushesOnSwitch(linux) || stack.without.includes('prefetch')) return undefined;
  return 'each switch between processes empties this cache: say `without prefetch`, or use CPUs';
}

function userSetup(stack: StackProgram, setting: StackSetting): UserSetup {
  const { machine, release, remedy, plan } = setting;
  const omitted = stack.without.flatMap((name) => OMITTABLE.find((one) => one === name) ?? []);
  const design = sDaxDesigns.find(({ id }) => id === stack.design);
  const usual = defaultConfig(machine, release, { fsDax: true });
  const isEadr = stack.devices.some(({ medium }) => medium === 'eadr');
  return {
    machine,
    release,
    config: { ...usual, EXT2_FS: true },
    gate: stack.gate === 'refused' ? 'EOPNOTSUPP' : 'stock',
    cpu_dcache_is_aliasing: stack.gate === undefined && believesAliasing(machine, release),
    eadr: isEadr,
    remedy,
    omitted,
    ...(plan === undefined ? {} : { plan }),
    ...(design === undefined ? {} : { s_dax: design.id }),
  };
}

// Variables are lines of their own, off all pages under test.
function variablesOf({ lines, mappings }: Program): readonly (readonly [string, Shared<number>])[] {
  return mappings
    .filter(({ name, page, side, uncached }) => side === 'kernel' && uncached && name === page)
    .map(({ name }) => {
      const shared = new Shared(name, 0);
      const line = lines.find((one) => one.name === name);
      shared.poke(0, line?.cells[0] ?? 0);
      return [name, shared] as const;
    });
}
