// All operations of a user by name.

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
