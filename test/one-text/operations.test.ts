// One text, two ways: every operation of a user, on real caches and as a scene runs it. The same
// steps in the same order, the same outcome, and the same kernel and memory afterwards.

import { expect, test } from 'vitest';
import { assert, present } from '../../src/base/index.ts';
import { machineById } from '../../src/hw/index.ts';
import { type ReleaseId, virtio_fs_probe } from '../../src/kernel/index.ts';
import { defaultSetup, OPERATIONS, parseLine } from '../../src/user/index.ts';
import { snapshot } from './snapshot.ts';
import { type Performer, WatchedUser } from './users.ts';
import { beds, linesOn, WINDOWED } from './lines.ts';

function userOn(id: string, release: ReleaseId, how: Performer): WatchedUser {
  const machine = present(machineById(id), id);
  const setup = defaultSetup({ machine, release, gate: 'open', fsDax: true });
  assert(setup.ok, 'the setup is complete');
  const user = new WatchedUser(setup.value, how);
  addWindow(user);
  return user;
}

/** A virtiofs device with a window above all other memory. */
function addWindow({ linux }: WatchedUser): void {
  expect(
    virtio_fs_probe(linux, { tag: WINDOWED, window: { start: 2 ** 40, length: 2 ** 26 } }),
  ).toBe(0);
}

/** What one line comes to, with caches empty afterwards; undefined for a comment. */
function perform(user: WatchedUser, line: string) {
  const typed = parseLine(line);
  assert(typed.ok, line);
  if (typed.value === undefined) return undefined;
  const { op, args } = typed.value;
  user.texts.length = 0;
  const outcome = user.perform(op, args);
  assert(outcome.ok, line);
  for (const cpu of user.linux.machine.cpus) cpu.flushAll();
  user.watch();
  if (op === 'crash') addWindow(user);
  return { op, outcome: outcome.value, steps: [...user.texts] };
}

const done = new Set<string>();

test.each(beds)('$name', ({ machine, release, fs, options }) => {
  const concrete = userOn(machine, release, 'concrete');
  const alone = userOn(machine, release, 'alone');
  for (const line of linesOn(fs, options)) {
    const first = perform(concrete, line);
    const second = perform(alone, line);
    if (first) done.add(first.op);
    expect({ line, ...second }).toEqual({ line, ...first });
  }
  const told = (user: WatchedUser) => snapshot(user.linux, [user.files, user.mappings]);
  expect(told(alone)).toEqual(told(concrete));
  // Names are looked up by ordinary code, which drops what it passes at once: walks do not race.
  const nested = [...concrete.nested, ...alone.nested].filter((place) => !/ task_put /.test(place));
  expect(nested).toEqual([]);
});

test('every operation has a line', () => {
  // Of the machine alone: what caches hold is not the same.
  const others = new Set(['lines', 'flines', 'evict']);
  const missing = Object.keys(OPERATIONS).filter((op) => !done.has(op) && !others.has(op));
  expect(missing).toEqual([]);
});
