// What the init block declares, by name: the words that threads and conditions may use.

import { never } from '../base/index.ts';
import type { DeviceKind } from '../kernel/index.ts';
import type { Constant, InitItem, LitmusFile, Word } from './ast.ts';
import { constantValue } from './constants.ts';
import { nearest, suggestion } from './nearest.ts';
import type { Reporter } from './reporter.ts';
import type { Medium, World } from './world-types.ts';
import { declareAddress, declareFile, declareMount, declarePage } from './world-items.ts';

/** Counts of one test that are checked, and their limits. */
export const LIMITS = {
  names: 64,
  lines: 32,
  cells: 128,
  cpus: 16,
  threads: 16,
  steps: 2_000,
} as const;

const DEVICES: readonly DeviceKind[] = [
  'pmem',
  'virtio-pmem',
  'dcssblk',
  'virtiofs',
  'device-dax',
  'brd',
];

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
  };
  const declared = new Map<string, Word>();
  for (const item of file.init.items) {
    if ('name' in item) checkName(item.name, declared, reporter);
  }
  // An item may name a page or a device that is declared below it.
  const isFirst = ({ kind }: InitItem): boolean =>
    kind === 'page' || kind === 'pages' || kind === 'device';
  for (const item of file.init.items) if (isFirst(item)) declare(world, item, reporter);
  for (const item of file.init.items) if (!isFirst(item)) declare(world, item, reporter);
  checkLimits(world, file, reporter);
  return world;
}

function declare(world: World, item: InitItem, reporter: Reporter): void {
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
      return;
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

function declareDevice(
  world: World,
  item: Extract<InitItem, { kind: 'device' }>,
  reporter: Reporter,
): void {
  const { name, device, domain } = item;
  const kind = DEVICES.find((one) => one === device.text);
  if (!kind) {
    const hint = suggestion(device.text, DEVICES, 'devices');
    reporter.add(device, `'${device.text}' is no kind of device`, hint);
  }
  const media: readonly Medium[] = ['adr', 'eadr'];
  const medium = domain ? media.find((one) => one === domain.text) : 'adr';
  if (medium === undefined) {
    const what = `'${domain?.text ?? ''}' is no persistence domain`;
    reporter.add(domain ?? device, what, 'adr: what memory holds survives; eadr: dirty lines too');
  }
  const other = [...world.devices.values()].find((one) => one.medium !== medium);
  if (other && medium) {
    const hint = `${other.name} is ${other.medium}; a test has one persistence domain`;
    reporter.add(domain ?? device, `${name.text} is ${medium}`, hint);
  }
  const known = { name: name.text, kind: kind ?? 'pmem', medium: medium ?? 'adr' };
  world.devices.set(name.text, known);
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
