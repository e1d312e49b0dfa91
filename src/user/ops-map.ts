// Operations on mappings: mmap, loads and stores, msync.

import {
  do_mmap,
  do_munmap,
  find_vma,
  sys_mincore,
  sys_mlock,
  sys_msync,
  user_load,
  user_store,
  vmFlagsText,
} from '../kernel/index.ts';
import { MOST_BYTES } from './args.ts';
import { BAD_FD, BLOCKED, NO_HANDLE, NO_MAP, type Operations } from './operation.ts';
import { type Outcome, outcomeOf, runLength } from './outcome.ts';
import { type MmapRequest, ofColour } from './placed.ts';
import type { Mapping, User } from './user.ts';

const PROTECTIONS = ['r', 'w', 'rw', 'rx', 'rwx', 'none'];
/** Of no mapping: the kernel chooses. */
const NO_COLOUR = -1;
const MAP_FLAGS = ['shared', 'private', 'shared_validate', 'sync', 'populate'];

/** Operations on mappings, by name. */
export const MAP_OPERATIONS: Operations = {
  mmap: {
    says: 'map a file under a name',
    usage: 'as fd offset length prot flags address colour',
    read: (args) => {
      const [name, fd] = [args.text('as'), args.text('fd')];
      const [offset, length] = [args.count('offset'), args.count('length')];
      const prot = args.word('prot', PROTECTIONS, 'rw');
      const flags = args.words('flags', MAP_FLAGS);
      const fixed = args.count('address', 0);
      const colour = args.count('colour', NO_COLOUR);
      return (user) => {
        const file = user.files.get(fd);
        if (file === undefined) return BAD_FD;
        const request: MmapRequest = {
          file,
          offset,
          length,
          read: prot.includes('r'),
          write: prot.includes('w'),
          exec: prot.includes('x'),
          type: mapType(flags),
          sync: flags.has('sync'),
          populate: flags.has('populate'),
          ...(fixed === 0 ? {} : { address: fixed }),
        };
        const answer = user.run(
          do_mmap(user.task, colour < 0 ? request : ofColour(user, request, colour)),
        );
        if (answer === undefined) return BLOCKED;
        if (answer < 0) return outcomeOf(answer);
        user.mappings.set(name, { address: answer, length });
        return { rc: 0 };
      };
    },
  },
  munmap: {
    says: 'unmap a mapping',
    usage: 'map',
    read: (args) => {
      const name = args.text('map');
      return (user) => {
        const mapping = user.mappings.get(name);
        if (mapping === undefined) return NO_HANDLE;
        user.mappings.delete(name);
        const { address, length } = mapping;
        return answered(user.run(do_munmap(user.task, address, length)));
      };
    },
  },
  load: {
    says: 'load bytes through a mapping',
    usage: 'map offset length',
    read: (args) => {
      const [map, offset] = [args.text('map'), args.count('offset')];
      const length = args.count('length', undefined, MOST_BYTES);
      return (user) =>
        withMap(user, map, ({ address }) => {
          const access = user.run(user_load(user.task, address + offset, length));
          if (access === undefined) return BLOCKED;
          if (access.kind === 'signal') return signalled(access);
          return { rc: 0, data: runLength(access.value) };
        });
    },
  },
  store: {
    says: 'store one byte again and again through a mapping',
    usage: 'map offset length byte',
    read: (args) => {
      const [map, offset] = [args.text('map'), args.count('offset')];
      const [length, byte] = [args.count('length'), args.byte('byte')];
      return (user) =>
        withMap(user, map, ({ address }) => {
          const page = new Uint8Array(user.linux.PAGE_SIZE).fill(byte);
          for (let done = 0; done < length; ) {
            const at = address + offset + done;
            const here = Math.min(length - done, page.length - (at % page.length));
            // The same array again and again: memory keeps whole pages by reference.
            const bytes = here === page.length ? page : page.subarray(0, here);
            const access = user.run(user_store(user.task, at, bytes));
            if (access === undefined) return BLOCKED;
            if (access.kind === 'signal') return signalled(access);
            done += here;
          }
          return { rc: 0 };
        });
    },
  },
  msync: {
    says: 'write what was stored through a mapping to the medium',
    usage: 'map offset length mode',
    read: (args) => {
      const [map, offset, length] = [args.text('map'), args.count('offset'), args.count('length')];
      const word = args.word('mode', ['sync', 'async', 'invalidate'], 'sync');
      const mode = word === 'async' || word === 'invalidate' ? word : 'sync';
      return (user) => {
        const mapping = user.mappings.get(map);
        if (mapping === undefined) return NO_HANDLE;
        const start = mapping.address + offset;
        return answered(user.run(sys_msync(user.task, { start, length, mode })));
      };
    },
  },
  mlock: {
    says: 'keep the pages of a mapping in memory',
    usage: 'map',
    read: (args) => {
      const map = args.text('map');
      return (user) => {
        const mapping = user.mappings.get(map);
        if (mapping === undefined) return NO_HANDLE;
        const { address, length } = mapping;
        return answered(user.run(sys_mlock(user.task, address, length)));
      };
    },
  },
  mincore: {
    says: 'count the pages of a mapping that are in memory',
    usage: 'map',
    read: (args) => {
      const map = args.text('map');
      return (user) =>
        withMap(user, map, ({ address, length }) => {
          const pages = user.run(sys_mincore(user.task, address, length));
          if (pages === undefined) return BLOCKED;
          if (typeof pages === 'number') return outcomeOf(pages);
          return { rc: 0, resident: pages.filter(Boolean).length };
        });
    },
  },
  vmflags: {
    says: 'flags of a mapping as /proc/self/smaps has them',
    usage: 'map',
    read: (args) => {
      const map = args.text('map');
      return (user) => {
        const mapping = user.mappings.get(map);
        const vma = mapping && user.run(find_vma(user.task.mm, mapping.address));
        if (vma === undefined) return { rc: -1 };
        return { file_pmd_kb: 0, vmflags: vmFlagsText(vma) };
      };
    },
  },
};

function mapType(flags: ReadonlySet<string>): 'shared' | 'private' | 'shared_validate' {
  if (flags.has('shared_validate')) return 'shared_validate';
  return flags.has('private') ? 'private' : 'shared';
}

function withMap(user: User, name: string, act: (mapping: Mapping) => Outcome): Outcome {
  const mapping = user.mappings.get(name);
  return mapping === undefined ? NO_MAP : act(mapping);
}

function signalled(access: { readonly signal: string; readonly si_code: number }): Outcome {
  return { rc: -1, signal: access.signal, si_code: access.si_code };
}

function answered(answer: number | undefined): Outcome {
  return answer === undefined ? BLOCKED : outcomeOf(answer);
}
