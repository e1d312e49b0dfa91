// Copies, and what files, mappings, drivers and power do.

import type { Step } from '../program.ts';
import {
  argOf,
  cellArg,
  cellOf,
  cellsOf,
  deviceArg,
  fileArg,
  into,
  lineArg,
  loadStep,
  mountArg,
  pageArg,
  storeStep,
  valueArg,
} from './args.ts';
import type { Call, Primitive } from './primitive.ts';
import type { DeviceKind } from '../../kernel/index.ts';
import type { CellTarget } from '../places.ts';
import type { AnyDeviceKind } from '../world-types.ts';

const BY_CELL = 'Cell by cell, so that other threads and the hardware may come in between.';

/** Copies between addresses, and between the kernel and a buffer that is always coherent. */
export const copies: readonly Primitive[] = [
  {
    name: 'memcpy',
    params: [
      { name: 'dst', kind: 'line' },
      { name: 'src', kind: 'line' },
    ],
    gives: false,
    group: 'copies',
    help: 'loads each cell of a line through src and stores it through dst',
    model: BY_CELL,
    lower: copyLine,
  },
  {
    name: 'memset',
    params: [
      { name: 'dst', kind: 'line' },
      { name: 'v', kind: 'value' },
    ],
    gives: false,
    group: 'copies',
    help: 'stores a value to each cell of a line',
    model: BY_CELL,
    lower: (call) => {
      const target = lineArg(call, 0);
      return cellsOf(target).map((cell) =>
        storeStep(call.thread, cellOf(target, cell), valueArg(call, 1)),
      );
    },
  },
  {
    name: 'copy_from_iter',
    params: [
      { name: 'k', kind: 'cell', side: 'kernel' },
      { name: 'v', kind: 'value' },
    ],
    gives: false,
    group: 'copies',
    help: 'the kernel stores data of a write() through its address',
    model: 'A kernel access: remedies put their steps around it.',
    lower: (call) => [kernelWrite(call, cellArg(call, 0), 1)],
  },
  {
    name: 'copy_to_iter',
    params: [{ name: 'k', kind: 'cell', side: 'kernel' }],
    gives: true,
    group: 'copies',
    help: 'the kernel loads data for a read() through its address',
    model: 'A kernel access: remedies put their steps around it.',
    lower: (call) => [kernelRead(call, cellArg(call, 0))],
  },
  {
    name: 'memcpy_flushcache',
    params: [
      { name: 'k', kind: 'cell', side: 'kernel' },
      { name: 'v', kind: 'value' },
    ],
    gives: false,
    group: 'copies',
    help: 'stores a value and writes its line back',
    model:
      'As where the port has it; without, it is memcpy(). Errs towards durable. A value stands ' +
      'for the source; stores that go past the cache are a store and its write-back here.',
    lower: (call) => {
      const target = cellArg(call, 0);
      const { mapping, line } = target.access;
      const says = `${call.thread} writes back the line of ${line} through ${target.text}`;
      return [
        storeStep(call.thread, target, valueArg(call, 1)),
        { kind: 'clean', mapping, line, says },
      ];
    },
  },
];

function copyLine(call: Call): readonly Step[] {
  const [dst, src] = [lineArg(call, 0), lineArg(call, 1)];
  const [to, from] = [cellsOf(dst), cellsOf(src)];
  if (to.length !== from.length) {
    const what = `${dst.text} is of ${to.length} cells and ${src.text} of ${from.length}`;
    call.refuse(what, 'copy between lines of as many cells');
    return [];
  }
  const register = call.fresh();
  return to.flatMap((cell, i) => [
    loadStep(call.thread, cellOf(src, from[i] ?? 0), register),
    storeStep(call.thread, cellOf(dst, cell), {
      value: { op: 'register', register },
      text: 'what it loaded',
    }),
  ]);
}

function kernelWrite(call: Call, target: CellTarget, value: number): Step {
  const { mapping, line } = target.access;
  const body = [storeStep(call.text, target, valueArg(call, value))];
  return { kind: 'kernel-access', does: 'write', mapping, line, body };
}

function kernelRead(call: Call, target: CellTarget): Step {
  const { mapping, line } = target.access;
  const body = [loadStep(call.text, target, into(call))];
  return { kind: 'kernel-access', does: 'read', mapping, line, body };
}

const SYNC =
  'Acts on pages that a process has stored to through a user address (the DIRTY tag), and does ' +
  'what flush_cache_page() and dax_flush() do on that machine.';

/** System calls on files. */
export const files: readonly Primitive[] = [
  {
    name: 'read',
    params: [{ name: 'f', kind: 'file' }],
    gives: true,
    group: 'files',
    help: "the kernel loads a cell of the file through the page's linear address",
    model: 'A kernel access: remedies put their steps around it. No page cache: DAX.',
    lower: (call) => [kernelRead(call, fileArg(call, 0).target)],
  },
  {
    name: 'write',
    params: [
      { name: 'f', kind: 'file' },
      { name: 'v', kind: 'value' },
    ],
    gives: false,
    group: 'files',
    help: "the kernel stores to a cell of the file through the page's linear address",
    model:
      'A kernel access. Its line is written back only where the port has a flushcache copy: ' +
      'machine and kernel decide.',
    lower: (call) => [kernelWrite(call, fileArg(call, 0).target, 1)],
  },
  {
    name: 'fsync',
    params: [
      { name: 'f', kind: 'file or page' },
      { name: 'u', kind: 'page', optional: true, side: 'user' },
    ],
    gives: false,
    group: 'files',
    help: 'makes stores durable as far as kernel and port do; f may be a kernel address',
    model: SYNC,
    lower: sync,
  },
  {
    name: 'msync',
    params: [{ name: 'f', kind: 'file or page' }],
    gives: false,
    group: 'files',
    help: 'as fsync()',
    model: SYNC,
    lower: sync,
  },
  {
    name: 'dax_flush',
    params: [{ name: 'k', kind: 'line', side: 'kernel' }],
    gives: false,
    group: 'files',
    help: 'writes the line back through the kernel address where the port has a PMEM API',
    model: 'Nothing, on ports without ARCH_HAS_PMEM_API: machine and kernel decide.',
    lower: (call) => {
      const { mapping, line } = lineArg(call, 0);
      const says = `${call.thread} calls dax_flush(${mapping})`;
      return [{ kind: 'dax-flush', mapping, line: line.name, says }];
    },
  },
];

function sync(call: Call): readonly Step[] {
  const arg = argOf(call, 0);
  if (!('target' in arg)) return [];
  const { page, mapping: kernel } = arg.target;
  const given = call.args.length > 1 ? [pageArg(call, 1).mapping] : undefined;
  const users = [...call.world.addresses.values()].filter(
    (address) => address.page === page && address.maker === 'user',
  );
  const all = given ?? users.map((address) => address.name);
  const says = `${call.thread} calls ${call.text}`;
  // Whether a DIRTY tag stands is known when all threads are lowered.
  return page.lines.map(
    ({ name: line }): Step => ({ kind: 'fsync', tagged: true, line, kernel, users: all, says }),
  );
}

/** Addresses that come and go. */
export const mappings: readonly Primitive[] = (
  [
    ['mmap', 'map', 'user', 'puts the address in reach: of the thread, and of hardware fills'],
    ['munmap', 'unmap', 'user', 'takes the address out of reach, without a flush'],
    [
      'kmap_coherent',
      'map',
      'window',
      'puts the window in reach, at the colour it is declared with',
    ],
    ['kunmap_coherent', 'unmap', 'window', 'takes the window out of reach, without a flush'],
    ['kmap_local_page', 'map', 'window', 'puts the window in reach, at whatever colour it has'],
    ['kunmap_local', 'unmap', 'window', 'takes the window out of reach, without a flush'],
  ] as const
).map(
  ([name, kind, side, help]): Primitive => ({
    name,
    params: [{ name: side === 'user' ? 'u' : 'w', kind: 'page', side }],
    gives: false,
    group: 'mappings',
    help,
    model:
      kind === 'map'
        ? 'No flush at the first mapping: write it as a step where a port has one.'
        : 'Ports flush here more or less: write it as a step. An access out of reach waits.',
    lower: (call) => {
      const { mapping } = pageArg(call, 0);
      return [{ kind, mapping, says: `${call.thread} ${kind}s ${mapping}` }];
    },
  }),
);

/** Calls that machine and kernel answer, instruction fetches, and the end of power. */
export const kernelCalls: readonly Primitive[] = [
  {
    name: 'fetch',
    params: [{ name: 'p', kind: 'cell' }],
    gives: true,
    group: 'kernel and power',
    help: 'fetches a cell as an instruction, through the instruction cache',
    model: 'The I-cache of a machine is its own; that of a nameless kind is like its D-cache.',
    lower: (call) => {
      const { access, text } = cellArg(call, 0);
      const says = `${call.thread} fetches through ${text}`;
      return [{ kind: 'fetch', ...access, register: into(call), says }];
    },
  },
  {
    name: 'alloc_dax',
    params: [{ name: 'dev', kind: 'device' }],
    gives: true,
    group: 'kernel and power',
    help: 'gives 0 where there is a dax_device, else a negative error number',
    model: 'The answer of the kernel on the machine; device-dax passes NULL operations.',
    mayFail: true,
    lower: (call) => {
      const device = deviceArg(call, 0);
      const kind = smallKind(call, device.kind);
      return kind ? ask(call, device.name, { kind: 'alloc_dax', device: kind }) : [];
    },
  },
  {
    name: 'mount',
    params: [{ name: 'm', kind: 'mount' }],
    gives: true,
    group: 'kernel and power',
    help: 'gives 0 where the mount succeeds, with DAX or without, else a negative error number',
    model: 'The dax option alone decides; other options and the super block are taken as right.',
    mayFail: true,
    lower: (call) => {
      const { name, fs, device, option } = mountArg(call, 0);
      const kind = smallKind(call, device.kind);
      return kind ? ask(call, name, { kind: 'mount', fs, device: kind, option }) : [];
    },
  },
  {
    name: 'IS_DAX',
    params: [{ name: 'f', kind: 'file' }],
    gives: true,
    group: 'kernel and power',
    help: 'gives 1 where the file is accessed by DAX, else 0',
    model: 'With dax=inode the flag of the file is taken as not set.',
    lower: (call) => {
      const { file } = fileArg(call, 0);
      const mount = [...call.world.mounts.values()].find((one) => one.device === file.device);
      if (!mount) {
        const what = `the file ${file.name} is on no mount`;
        call.refuse(what, 'declare both: file f = x on pmem0; mount m = ext4(pmem0, dax=always);');
        return [];
      }
      const { fs, device, option } = mount;
      const kind = smallKind(call, device.kind);
      return kind ? ask(call, file.name, { kind: 'IS_DAX', fs, device: kind, option }) : [];
    },
  },
  {
    name: 'crash',
    params: [],
    gives: false,
    group: 'kernel and power',
    help: 'power fails: caches are lost, every thread ends',
    model: 'With eadr, dirty lines reach the medium.',
    lower: () => [{ kind: 'crash', says: 'power fails' }],
  },
];

// Mapped devices exist on a kernel that runs alone.
function smallKind(call: Call, kind: AnyDeviceKind): DeviceKind | undefined {
  if (kind !== 'dm-linear' && kind !== 'dm-stripe') return kind;
  call.refuse(`${kind} needs a kernel that runs`, 'put a file on a mount: file f = x on m;');
  return undefined;
}

function ask(call: Call, name: string, question: Parameters<Call['ask']>[1]): readonly Step[] {
  const step = `${call.name}:${name}`;
  call.ask(step, question);
  const failures = call.world.failures.get(call.name) ?? [];
  const { register } = call;
  const says = `${call.thread} calls ${call.text}`;
  return [{ kind: 'call', name: step, ...(register ? { register } : {}), failures, says }];
}
