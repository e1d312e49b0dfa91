// Operations as people type them.

import { describe, expect, test } from 'vitest';
import { parseLine, recordedArgs } from './line.ts';
import { argumentsOf, usageText } from './operations.ts';

test('a recording has numbers as numbers', () => {
  const typed = { op: 'pwrite', args: { fd: '1', offset: '0x10', length: '4k', byte: '7' } };
  expect(recordedArgs(typed)).toEqual({ fd: '1', offset: 16, length: 4096, byte: '7' });
});

test('usage: what may be left out stands in brackets', () => {
  expect(usageText('msync')).toBe('msync map offset length [mode]');
  expect(argumentsOf('nope')).toEqual([]);
});

describe('a line', () => {
  test.each([
    ['pread f 0 16', { op: 'pread', args: { fd: 'f', offset: '0', length: '16' } }],
    ['pread length=16 f 0', { op: 'pread', args: { fd: 'f', offset: '0', length: '16' } }],
    [
      'mount ext4 /dev/role/fsdax0 /m dax=always',
      {
        op: 'mount',
        args: { fs: 'ext4', device: '/dev/role/fsdax0', dir: '/m', options: 'dax=always' },
      },
    ],
    [
      `dmsetup create t --table '0 8 linear /dev/ram0 0'`,
      { op: 'dmsetup', args: { argv: ['create', 't', '--table', '0 8 linear /dev/ram0 0'] } },
    ],
    ['! echo a > /m/b', { op: 'shell', args: { argv: ['sh', '-c', 'echo a > /m/b'] } }],
  ])('%s', (line, typed) => {
    expect(parseLine(line)).toEqual({ ok: true, value: typed });
  });

  test.each(['', '   ', '# remark'])('"%s" asks for nothing', (line) => {
    expect(parseLine(line)).toEqual({ ok: true, value: undefined });
  });

  test.each([
    ['prea f 0 16', /no operation 'prea'/],
    ['umount /m /m2', /'\/m2' is too much for umount/],
    [`open f '/m/a`, /a quote is not closed/],
    ['a'.repeat(5000), /4096 characters at most/],
  ])('%s is refused', (line, message) => {
    const typed = parseLine(line);
    expect(typed.ok ? '' : typed.problem.what).toMatch(message);
  });
});
