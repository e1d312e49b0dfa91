// One program on every machine of an architecture: does a mapping see what write() wrote?

import { machines } from 'dachs/hw';
import { defaultSetup, User } from 'dachs/user';

const device = '/dev/role/fsdax0';
const program = [
  ['mkfs', { fs: 'ext4', device, argv: ['mkfs.ext4', '-b', '4096', device] }],
  ['mount', { fs: 'ext4', device, dir: '/m', options: 'dax=always' }],
  ['open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' }],
  ['pwrite', { fd: 'f', offset: 0, length: 4096, byte: 'A' }],
  ['mmap', { as: 'm', fd: 'f', offset: 0, length: 4096, prot: 'rw', flags: 'shared' }],
  ['load', { map: 'm', offset: 0, length: 4 }],
  ['pwrite', { fd: 'f', offset: 0, length: 4, byte: 'B' }],
  ['load', { map: 'm', offset: 0, length: 4 }],
];

for (const machine of machines.filter(({ arch }) => arch === 'arm')) {
  const setup = defaultSetup({ machine, release: '6.1', gate: 'open' });
  if (!setup.ok) throw new Error(setup.problem.what);
  const user = new User(setup.value);
  let last = {};
  for (const [op, args] of program) {
    const answer = user.perform(op, args);
    if (!answer.ok) throw new Error(answer.problem.what);
    last = answer.value;
    if (last.errno !== undefined) throw new Error(String(last.errno));
  }
  console.log(machine.id.padEnd(16), last.data);
}
