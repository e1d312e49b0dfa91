// Primitives of tests that run on a kernel: system calls, and what drivers do. Each runs the text
// of the modelled kernel, step by step.

import type { Step } from '../program.ts';
import type { FileCall, FileCell, StackCall } from '../stack-program.ts';
import type { AnyDeviceKind } from '../world-types.ts';
import { deviceArg, fileArg, mountArg, pageArg, valueArg } from './args.ts';
import type { Call, ParamInfo, Primitive } from './primitive.ts';

const FILE = { name: 'f', kind: 'file' } as const;
const USER = { name: 'u', kind: 'page', side: 'user' } as const;
const REAL = 'The text of the modelled kernel, step by step.';

/** What a test may call whose file is on a mount, beside accesses, barriers, locks and bits. */
export const stackPrimitives: readonly Primitive[] = [
  {
    ...row('read', [FILE], 'reads a cell: its value, or a negative error number'),
    lower: (call) => kernel(call, { op: 'read', at: cellOf(call) }),
  },
  {
    ...row('write', [FILE, { name: 'v', kind: 'value' }], 'writes a cell: 1, or an error number'),
    lower: (call) =>
      kernel(call, { op: 'write', at: cellOf(call), value: valueArg(call, 1).value }),
  },
  {
    ...row('read_into', [FILE, USER], 'reads a cell into the memory of a mapping'),
    lower: (call) =>
      kernel(call, { op: 'read_into', at: cellOf(call), mapping: pageArg(call, 1).mapping }),
  },
  {
    ...row('write_from', [FILE, USER], 'writes a cell from the memory of a mapping'),
    lower: (call) =>
      kernel(call, { op: 'write_from', at: cellOf(call), mapping: pageArg(call, 1).mapping }),
  },
  onFile('open', 'opens the file: 0, or an error number'),
  onFile('close', 'closes the file'),
  onFile('fsync', 'makes the file durable: 0, or an error number'),
  onFile('fallocate', 'allocates all pages of the file'),
  onFile('punch_hole', 'frees the block of the first page'),
  onFile('unlink', 'removes the name of the file'),
  onFile('IS_DAX', 'what statx() says: 1 where the file is accessed by DAX'),
  {
    ...row('ftruncate', [FILE, { name: 'n', kind: 'value' }], 'sets the size, in pages'),
    lower: (call) =>
      kernel(call, {
        op: 'ftruncate',
        file: fileArg(call, 0).file.name,
        pages: valueArg(call, 1).value,
      }),
  },
  {
    ...row('chattr', [FILE, { name: 'v', kind: 'value' }], 'sets FS_XFLAG_DAX to 1 or 0'),
    lower: (call) =>
      kernel(call, {
        op: 'chattr',
        file: fileArg(call, 0).file.name,
        flag: valueArg(call, 1).value,
      }),
  },
  onMapping('mmap', 'maps the page: 0, or an error number'),
  onMapping('munmap', 'unmaps the page'),
  onMapping('msync', 'makes what was stored through the mapping durable (MS_SYNC)'),
  onMount('mount', 'mounts the file system: 0, or an error number'),
  onMount('umount', 'unmounts the file system'),
  onDevice('attach', 'binds the driver, or makes the mapped device: 0, or an error number'),
  onDevice('detach', 'unbinds the driver, or removes the mapped device'),
  {
    ...row('sync', [], 'writes everything that is dirty to the media'),
    lower: (call) => kernel(call, { op: 'sync' }),
  },
  {
    ...row('drop_caches', [], 'drops page cache, names and inodes that are not in use'),
    lower: (call) => kernel(call, { op: 'drop_caches' }),
  },
];

const byName: ReadonlyMap<string, Primitive> = new Map(stackPrimitives.map((p) => [p.name, p]));

/** The primitive of that name on a kernel that runs. */
export function stackPrimitiveByName(name: string): Primitive | undefined {
  return byName.get(name);
}

function row(name: string, params: readonly ParamInfo[], help: string) {
  return { name, params, gives: true, group: 'running kernel', help, model: REAL } as const;
}

function onFile(name: FileCall, help: string): Primitive {
  return {
    ...row(name, [FILE], help),
    lower: (call) => kernel(call, { op: name, file: fileArg(call, 0).file.name }),
  };
}

function onMapping(name: 'mmap' | 'munmap' | 'msync', help: string): Primitive {
  return {
    ...row(name, [USER], help),
    lower: (call) => kernel(call, { op: name, mapping: pageArg(call, 0).mapping }),
  };
}

function onMount(name: 'mount' | 'umount', help: string): Primitive {
  return {
    ...row(name, [{ name: 'm', kind: 'mount' }], help),
    lower: (call) => kernel(call, { op: name, mount: mountArg(call, 0).name }),
  };
}

/** Devices whose drivers threads can bind. */
const ATTACHABLE: ReadonlySet<AnyDeviceKind> = new Set([
  'pmem',
  'virtio-pmem',
  'dm-linear',
  'dm-stripe',
]);

function onDevice(name: 'attach' | 'detach', help: string): Primitive {
  return {
    ...row(name, [{ name: 'dev', kind: 'device' }], help),
    lower: (call) => {
      const { name: device, kind } = deviceArg(call, 0);
      if (ATTACHABLE.has(kind)) return kernel(call, { op: name, device });
      call.refuse(
        `a thread cannot ${name} a device of the kind ${kind}`,
        `it can: ${[...ATTACHABLE].join(', ')}; dachs matrix --series has all drivers`,
      );
      return [];
    },
  };
}

function cellOf(call: Call): FileCell {
  const { file, target } = fileArg(call, 0);
  return { file: file.name, line: target.access.line, cell: target.access.cell };
}

function kernel(call: Call, asked: StackCall): readonly Step[] {
  const { register } = call;
  const says = `${call.thread} calls ${call.text}`;
  return [{ kind: 'kernel', call: asked, ...(register ? { register } : {}), says }];
}
