// Operations on the machine: its cache lines, its log, and power failure.

import { aliasClass, colourOf, type LineView, vaddr as toVaddr } from '../hw/index.ts';
import { BAD_FD, NO_MAP, type Operations } from './operation.ts';
import { type Outcome, runLength } from './outcome.ts';
import { type Piece, piecesOfFile, piecesOfMapping } from './physical.ts';
import type { User } from './user.ts';

const VIAS = ['user', 'kernel', 'both'];

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
        const pieces = piecesOfMapping(user, mapping, { offset, length });
        return linesOutcome(user, pieces, 'no page is mapped there');
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
        const pieces = piecesOfFile(user, file, { offset, length });
        return linesOutcome(user, pieces, 'no page of the file is in memory there');
      };
    },
  },
  maps: {
    says: 'open files, and mappings with address and colour',
    usage: '',
    read: () => (user) => ({ rc: 0, lines: mapsText(user) }),
  },
  evict: {
    says: 'let the cache evict lines, as hardware may at any time: all, or those behind a mapping',
    usage: 'map offset length via',
    read: (args) => {
      const [map, offset] = [args.text('map', ''), args.count('offset', 0)];
      const length = args.count('length', 1);
      const via = args.word('via', VIAS, 'both');
      return (user) => {
        if (map === '') return evictAll(user);
        const mapping = user.mappings.get(map);
        if (mapping === undefined) return NO_MAP;
        const { machine } = user.linux;
        const lines = piecesOfMapping(user, mapping, { offset, length })
          .flatMap(({ paddr, lengthBytes }) => machine.lines(paddr, lengthBytes))
          .filter((line) => via === 'both' || via === viaOf(user, line));
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
        ...(lines === 0 ? {} : { stdout: user.linux.dmesg.slice(-lines).join('\n') }),
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

function evictAll({ linux }: User): Outcome {
  for (const cpu of linux.machine.cpus) cpu.flushAll();
  return { rc: 0 };
}

function viaOf({ linux }: User, line: LineView): string {
  return line.vaddr >= linux.PAGE_OFFSET ? 'kernel' : 'user';
}

function linesOutcome(user: User, pieces: readonly Piece[], otherwise: string): Outcome {
  const lines = pieces.flatMap((piece) => lineRows(user, piece));
  return { rc: 0, lines: lines.length === 0 ? otherwise : lines.join('\n') };
}

/** A row for each copy of a line, followed by what memory has for that line. */
function lineRows({ linux }: User, { paddr, lengthBytes }: Piece): readonly string[] {
  const { machine } = linux;
  const lineBytes = machine.machine.dcache?.lineBytes ?? lengthBytes;
  const lines = machine.lines(paddr, lengthBytes);
  const cached = [...new Set(lines.map((line) => line.paddr))].toSorted((a, b) => a - b);
  const places = cached.length > 0 ? cached : [paddr - (paddr % lineBytes)];
  return places.flatMap((place) => {
    const copies = lines.filter((line) => line.paddr === place).map((line) => copyRow(line));
    return [...copies, `${hex(place)} memory ${head(machine.memory.read(place, lineBytes))}`];
  });
}

function copyRow({ cpu, set, way, paddr, vaddr, colour, dirty, bytes }: LineView): string {
  const place = `cpu ${cpu} set ${set} way ${way} colour ${colour}`;
  return `${hex(paddr)} via ${hex(vaddr)} ${place} ${dirty ? 'dirty' : 'clean'} ${head(bytes)}`;
}

function mapsText(user: User): string {
  const files = [...user.files].map(
    ([name, { f_path }]) => `file ${name}: ${f_path.name} on ${f_path.mount.dir}`,
  );
  const mappings = [...user.mappings].map(([name, { address, length }]) => {
    return `mapping ${name}: ${length} bytes at ${hex(address)}${colourText(user, address)}`;
  });
  return [...files, ...mappings].toSorted().join('\n');
}

function colourText({ linux }: User, address: number): string {
  const { dcache, pageBytes } = linux.machine.machine;
  if (dcache === undefined || aliasClass(dcache, pageBytes) !== 'vipt-aliasing') return '';
  return ` colour ${colourOf(dcache, pageBytes, toVaddr(address))}`;
}

/** Runs of a line at most. */
const RUNS = 4;

function head(bytes: Uint8Array): string {
  const runs = runLength(bytes).split(',');
  return runs.length <= RUNS ? runs.join(',') : `${runs.slice(0, RUNS).join(',')},...`;
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
