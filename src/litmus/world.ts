// What the init block declares, by name: the words that threads and conditions may use.

import { never } from '../base/index.ts';
import type { Constant, InitItem, LitmusFile, Word } from './ast.ts';
import { constantValue } from './constants.ts';
import { nearest } from './nearest.ts';
import type { Reporter } from './reporter.ts';
import { declareDevice } from './world-device.ts';
import { declareAddress, declareFile, declareMount, declarePage } from './world-items.ts';
import { declareStackItem, stackOf } from './world-stack.ts';
import type { World } from './world-types.ts';

/** Counts of one test that are checked, and their limits. */
export const LIMITS = {
  names: 64,
  lines: 32,
  cells: 128,
  cpus: 16,
  threads: 16,
  steps: 2_000,
} as const;

/** Reads the init block; what is wrong in it is noted and left out. */
export function readWorld(file: LitmusFile, reporter: Reporter): World {
  const world: World = {
    pages: new Map(),
    addresses: new Map(),
    variables: new Map(),
    locks: new Map(),
    devices: new Map(),
    files: new Map(),
    mounts: new Map(),
    cpus: new Map(),
    names: new Set(file.init.items.flatMap((item) => ('name' in item ? [item.name.text] : []))),
    failures: new Map(),
    crashAnywhere: file.init.items.some((item) => item.kind === 'crash'),
    failAnywhere: file.init.items.some((item) => item.kind === 'fail-anywhere'),
    processes: new Map(),
    after: new Map(),
    ...stackOf(file, reporter),
  };
  const declared = new Map<string, Word>();
  for (const item of file.init.items) {
    if ('name' in item) checkName(item.name, declared, reporter);
  }
  // An item may name a page or a device that is declared below it.
  for (const rank of [0, 1, 2]) {
    for (const item of file.init.items) {
      if (rankOf(item) === rank) declare(world, item, { file, reporter });
    }
  }
  checkLimits(world, file, reporter);
  return world;
}

// A file may be on a mount that is declared below it, and a mount on a device.
function rankOf({ kind }: InitItem): number {
  if (kind === 'page' || kind === 'pages' || kind === 'device') return 0;
  return kind === 'mount' ? 1 : 2;
}

function declare(
  world: World,
  item: InitItem,
  { file, reporter }: { readonly file: LitmusFile; readonly reporter: Reporter },
): void {
  switch (item.kind) {
    case 'page':
    case 'pages':
      return declarePage(world, item, reporter);
    case 'address':
      return declareAddress(world, item, reporter);
    case 'variable': {
      const value = item.value ? constantValue(item.value, reporter) : 0;
      world.variables.set(item.name.text, { name: item.name.text, value });
      return;
    }
    case 'lock':
      world.locks.set(item.name.text, { name: item.name.text, kind: item.lock });
      return;
    case 'cpu':
      return declareCpu(world, item, reporter);
    case 'device':
      return declareDevice(world, item, reporter);
    case 'file':
      return declareFile(world, item, reporter);
    case 'mount':
      return declareMount(world, item, reporter);
    case 'fail':
      return declareFailure(world, item, reporter);
    case 'crash':
    case 'fail-anywhere':
    // Read before all others.
    case 'gate':
    case 'design':
    case 'without':
      return;
    case 'process':
    case 'start':
      return declareStackItem(world, item, { file, reporter });
    default:
      never(item, 'declaration');
  }
}

function checkName(name: Word, declared: Map<string, Word>, reporter: Reporter): void {
  const other = declared.get(name.text);
  if (other) {
    const hint = `the other is at ${reporter.place(other)}`;
    reporter.add(name, `'${name.text}' is declared twice`, hint);
  }
  if (/^(?:crashed|deadlock|true|false|not|P\d+)$/.test(name.text)) {
    reporter.add(name, `'${name.text}' has a meaning of its own`, 'choose another name');
  }
  declared.set(name.text, name);
}

function declareCpu(
  world: World,
  item: Extract<InitItem, { kind: 'cpu' }>,
  reporter: Reporter,
): void {
  const cpu = constantValue(item.cpu, reporter);
  if (cpu < 0 || cpu >= LIMITS.cpus) {
    reporter.add(item.cpu, `there is no CPU ${cpu}`, `CPUs are 0 to ${LIMITS.cpus - 1}`);
    return;
  }
  if (world.cpus.has(item.thread.text)) {
    const what = `the CPU of ${item.thread.text} is given twice`;
    reporter.add(item.thread, what, 'take one away');
  }
  world.cpus.set(item.thread.text, cpu);
}

function declareFailure(
  world: World,
  item: Extract<InitItem, { kind: 'fail' }>,
  reporter: Reporter,
): void {
  const value = failureValue(item.error, reporter);
  const known = world.failures.get(item.call.text) ?? [];
  if (known.includes(value)) {
    reporter.add(item.error, 'this failure is declared twice', 'take one away');
  }
  world.failures.set(item.call.text, [...known, value]);
}

function failureValue(error: Constant, reporter: Reporter): number {
  const value = constantValue(error, reporter);
  if (value >= 0) {
    const near = nearest(error.text, ['ENOMEM', 'EIO', 'EINVAL'])[0] ?? 'ENOMEM';
    reporter.add(error, 'a failure is a negative error number', `e.g. -${near}`);
  }
  return value;
}

function checkLimits(world: World, file: LitmusFile, reporter: Reporter): void {
  const lines = [...world.pages.values()].flatMap((page) => page.lines);
  const counts = [
    ['names', file.init.items.length],
    ['lines', lines.length],
    ['cells', lines.reduce((sum, line) => sum + line.cells.length, 0)],
    ['threads', file.threads.length],
  ] as const;
  for (const [what, count] of counts) {
    if (count <= LIMITS[what]) continue;
    const hint = `at most ${LIMITS[what]}`;
    reporter.add(file.init, `the test has ${count} ${what}`, hint);
  }
}
