// Mappings of a test: mmap() as its addresses say.

import { present } from '../base/index.ts';
import { do_mmap, type Op } from '../kernel/index.ts';
import { ofColour } from '../user/index.ts';
import { type Bench, fileNamed, type MappedAddress, openName, taskOf } from './bench.ts';

type Request = Parameters<typeof do_mmap>[1];

/** Maps before the threads start: the address, or an error number. */
export function mapAddress(bench: Bench, mapped: MappedAddress): number {
  const { user } = bench;
  askColour(bench, mapped);
  const answer = user.run(mmapOp(bench, mapped)) ?? -1;
  if (answer >= 0) mapped.address = answer;
  return answer;
}

/** Finds the address that has the colour that is asked for, if one is. */
export function askColour(bench: Bench, mapped: MappedAddress): void {
  const { user, linux } = bench;
  const { colour, process } = mapped.declared;
  if (colour === undefined) return;
  const mapper = { linux, task: taskOf(bench, process), run: user.run.bind(user) };
  const { address } = ofColour(mapper, requestOf(bench, mapped), colour);
  if (address !== undefined) mapped.asked = address;
}

/** mmap(), before the threads start or as a call of one. */
export function mmapOp(bench: Bench, mapped: MappedAddress): Op<number> {
  const { asked } = mapped;
  const request = requestOf(bench, mapped);
  const task = taskOf(bench, mapped.declared.process);
  return do_mmap(task, asked === undefined ? request : { ...request, address: asked });
}

function requestOf(bench: Bench, { declared }: MappedAddress): Request {
  const { linux } = bench;
  const file = fileNamed(bench, declared.file);
  const opened = bench.open.get(openName(declared.file, declared.process));
  return {
    file: present(opened, `open file ${declared.file}`),
    offset: file.pages.indexOf(declared.page) * linux.PAGE_SIZE,
    length: linux.PAGE_SIZE,
    read: true,
    write: true,
    type: declared.isPrivate ? 'private' : declared.sync ? 'shared_validate' : 'shared',
    sync: declared.sync,
  };
}
