// The targets that are registered. What is not here is an unknown target type to a table load.

import type { Linux } from '../../linux.ts';
import type { TargetType } from './dm-core.ts';
import { crypt_target } from './dm-crypt.ts';
import { delay_target } from './dm-delay.ts';
import { linear_target } from './dm-linear.ts';
import { log_writes_target } from './dm-log-writes.ts';
import { mirror_target } from './dm-raid1.ts';
import { origin_target } from './dm-snap.ts';
import { stripe_target } from './dm-stripe.ts';
import { error_target } from './dm-target.ts';
import { zero_target } from './dm-zero.ts';

/** A target by name. @source drivers/md/dm-target.c dm_get_target_type() v6.12 */
export function dm_get_target_type(linux: Linux, name: string): TargetType | undefined {
  return targetTypes(linux).find((type) => type.name === name);
}

/** All targets, by name. */
export function targetTypes(_linux: Linux): readonly TargetType[] {
  return [
    crypt_target,
    delay_target,
    error_target,
    linear_target,
    log_writes_target,
    mirror_target,
    origin_target,
    stripe_target,
    zero_target,
  ];
}
