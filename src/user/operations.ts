// All operations of a user by name.

import { Args, type AskedArgument } from './args.ts';
import { DEVICE_OPERATIONS } from './ops-device.ts';
import { FILE_OPERATIONS } from './ops-file.ts';
import { FLAG_OPERATIONS } from './ops-flag.ts';
import { MACHINE_OPERATIONS } from './ops-machine.ts';
import { MAP_OPERATIONS } from './ops-map.ts';
import { MOUNT_OPERATIONS } from './ops-mount.ts';
import { NAME_OPERATIONS } from './ops-name.ts';
import { RANGE_OPERATIONS } from './ops-range.ts';
import type { Operations } from './operation.ts';

/** What a user can be asked to do. */
export const OPERATIONS: Operations = {
  ...DEVICE_OPERATIONS,
  ...MOUNT_OPERATIONS,
  ...NAME_OPERATIONS,
  ...FILE_OPERATIONS,
  ...MAP_OPERATIONS,
  ...RANGE_OPERATIONS,
  ...FLAG_OPERATIONS,
  ...MACHINE_OPERATIONS,
};

/** Arguments of an operation in the order in which people write them. */
export function argumentsOf(op: string): readonly AskedArgument[] {
  const operation = Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
  if (operation === undefined) return [];
  const args = new Args(op, {});
  operation.read(args);
  const names = operation.usage.split(' ').filter((name) => name !== '');
  return names.flatMap((name) => args.asked.filter((asked) => asked.name === name));
}

/** `pread fd offset length`; arguments that may be left out stand in brackets. */
export function usageText(op: string): string {
  const names = argumentsOf(op).map(({ name, optional }) => (optional ? `[${name}]` : name));
  return [op, ...names].join(' ');
}
