// Where a mapping goes whose user asks for a colour instead of an address.

import { colourOf, colours, vaddr } from '../hw/index.ts';
import { do_mmap, do_munmap } from '../kernel/index.ts';
import type { User } from './user.ts';

/** A process that maps. */
export type Mapper = Pick<User, 'linux' | 'task' | 'run'>;

/** What mmap() is asked for. */
export type MmapRequest = Parameters<typeof do_mmap>[1];

/**
 * The request at the first address below all mappings that has the colour, counted in pages of the
 * CPU's data cache modulo its colours. The kernel may refuse it: many ports let mappings of one
 * file be of one colour alone.
 */
export function ofColour(user: Mapper, request: MmapRequest, colour: number): MmapRequest {
  const { linux, task } = user;
  const { dcache, pageBytes } = linux.machine.machine;
  if (dcache === undefined) return request;
  const usual = user.run(do_mmap(task, { ...request, populate: false }));
  if (usual === undefined || usual < 0) return request;
  user.run(do_munmap(task, usual, request.length));
  const lowest = Math.min(
    usual,
    ...task.mm.vmas.peek().map(({ vm_start }) => vm_start - room(user, request)),
  );
  const wanted = colour % colours(dcache, pageBytes);
  let address = lowest;
  while (colourOf(dcache, pageBytes, vaddr(address)) !== wanted) address -= pageBytes;
  return { ...request, address };
}

function room({ linux }: Mapper, { length }: MmapRequest): number {
  return Math.ceil(length / linux.PAGE_SIZE) * linux.PAGE_SIZE;
}
