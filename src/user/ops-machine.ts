// Operations on the machine: its cache lines, its log, and power failure.

import { at } from '../base/index.ts';
import { BAD_FD, NO_MAP, type Operations } from './operation.ts';
import { runLength } from './outcome.ts';
import { physicalOf, physicalOfFile } from './physical.ts';
import type { User } from './user.ts';

/** Operations on the machine, by name. */
export const MACHINE_OPERATIONS: Operations = {
  lines: {
    says: 'copies of the lines behind a mapping in the caches, and what memory has',
    usage: 'map offset length',
    read: (args) => {
      const [map, offset] = [args.text('map'), args.count('offset', 0)];
      const length = args.count('length', 1);
      return (user) => {
        const mapping = user.mappings.get(map);
        if (mapping === undefined) return NO_MAP;
        const paddr = physicalOf(user, mapping.address + offset);
        if (paddr === undefined) return { rc: 0, lines: 'no page is mapped there' };
        return { rc: 0, lines: linesText(user, paddr, length) };
      };
    },
  },
  flines: {
    says: 'copies of the lines that hold a part of a file, and what memory has',
    usage: 'fd offset length',
    read: (args) => {
      const [fd, offset] = [args.text('fd'), args.count('offset', 0)];
      const length = args.count('length', 1);
      return (user) => {
        const file = user.files.get(fd);
        if (file === undefined) return BAD_FD;
        const paddr = physicalOfFile(user, file, offset);
        if (paddr === undefined) return { rc: 0, lines: 'no page of the file is in memory' };
        return { rc: 0, lines: linesText(user, paddr, length) };
      };
    },
  },
  evict: {
    says: 'let the cache evict the lines behind a mapping: hardware may at any time',
    usage: 'map offset length',
    read: (args) => {
      const [map, offset] = [args.text('map'), args.count('offset', 0)];
      const length = args.count('length', 1);
      return (user) => {
        const mapping = user.mappings.get(map);
        if (mapping === undefined) return NO_MAP;
        const paddr = physicalOf(user, mapping.address + offset);
        if (paddr === undefined) return { rc: 0, evicted: 0 };
        const { machine } = user.linux;
        const lines = machine.lines(paddr, length);
        for (const line of lines) machine.evict(line);
        return { rc: 0, evicted: lines.length };
      };
    },
  },
  dmesg: {
    says: 'what the kernel logged, newest last',
    usage: 'lines',
    read: (args) => {
      const lines = args.count('lines', 20);
      return (user) => ({
        rc: 0,
        stdout: lines === 0 ? '' : user.linux.dmesg.slice(-lines).join('\n'),
      });
    },
  },
  crash: {
    says: 'let power fail and boot again: open files, mappings and RAM are gone',
    usage: '',
    read: () => (user) => {
      user.crash();
      return { rc: 0 };
    },
  },
};

/** One line of text for each copy, and one for memory. */
function linesText(user: User, paddr: number, length: number): string {
  const { machine } = user.linux;
  const rows = machine.lines(paddr, length).map((line) => {
    const state = line.dirty ? 'dirty' : 'clean';
    const place = `cpu ${line.cpu} set ${line.set} way ${line.way} colour ${line.colour}`;
    return `${hex(line.paddr)} via ${hex(line.vaddr)} ${place} ${state} ${head(line.bytes)}`;
  });
  const memory = `${hex(paddr)} memory ${head(machine.memory.read(paddr, Math.min(length, 64)))}`;
  return [...rows, memory].join('\n');
}

function head(bytes: Uint8Array): string {
  const runs = runLength(bytes).split(',');
  return runs.length <= 4 ? runs.join(',') : `${at(runs, 0)},${at(runs, 1)},...`;
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
