// Mappings of a test: mmap() as its addresses say.

import { present } from '../base/index.ts';
import { do_mmap, type Op } from '../kernel/index.ts';
import { ofColour } from '../user/index.ts';
import { type Bench, fileNamed, type MappedAddress, openName, taskOf } from './bench.ts';

type Request = Parameters<typeof do_mmap>[1];

/** Maps before the threads start: the address, or an error number. */
export function mapAddress(bench: Bench, mapped: MappedAddress): number {
  const { declared } = mapped;
  const request = requestOf(bench, mapped);
  const { user, linux } = bench;
  const task = taskOf(bench, declared.process);
  const asked =
    declared.colour === undefined
      ? request
      : ofColour({ linux, task, run: (op) => user.run(op) }, request, declared.colour);
  const answer = user.run(do_mmap(task, asked)) ?? -1;
  if (answer >= 0) mapped.address = answer;
  return answer;
}

/** mmap() as a call of a thread. */
export function mmapOp(bench: Bench, mapped: MappedAddress): Op<number> {
  return do_mmap(taskOf(bench, mapped.declared.process), requestOf(bench, mapped));
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
