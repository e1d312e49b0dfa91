// The ARM kernel's questions about its data cache, with the masks that fold at compile time:
// what the oldest supported architecture rules out, and what is not configured.

import {
  CACHEID_VIPT_ALIASING,
  CACHEID_VIPT_NONALIASING,
  CACHEID_VIVT,
  cacheid_init,
} from '../../../../arch/arm/kernel/setup.ts';
import type { ArmReports } from '../../../../arch/arm/kernel/setup.ts';

/**
 * `__LINUX_ARM_ARCH__` of a port: the oldest architecture its kernel runs on. `arm` is the
 * all-yes multiplatform kernel, which includes ARMv6. Undefined for a port that is not ARM.
 *
 * @source arch/arm/Makefile __LINUX_ARM_ARCH__ v6.12
 */
export function linuxArmArch(port: string): 5 | 6 | 7 | undefined {
  switch (port) {
    case 'arm-v5':
      return 5;
    case 'arm':
    case 'arm-v6':
      return 6;
    case 'arm-v7':
    case 'arm-v7-lpae':
      return 7;
    default:
      return undefined;
  }
}

/** `cache_is_vivt()`: 1 or 0; undefined where `port` is no ARM port. */
export function cache_is_vivt(reports: ArmReports, port: string): 0 | 1 | undefined {
  return cacheid_is(CACHEID_VIVT, reports, port);
}

/** `cache_is_vipt_aliasing()`: 1 or 0; undefined where `port` is no ARM port. */
export function cache_is_vipt_aliasing(reports: ArmReports, port: string): 0 | 1 | undefined {
  return cacheid_is(CACHEID_VIPT_ALIASING, reports, port);
}

/** @source arch/arm/include/asm/cachetype.h cacheid_is() v6.12 */
function cacheid_is(mask: number, reports: ArmReports, port: string): 0 | 1 | undefined {
  const minimum = linuxArmArch(port);
  if (minimum === undefined) return undefined;
  // A v4/v5 kernel has VIVT support and no VIPT support, the others the reverse: the first answers
  // VIVT without looking, the second never answers VIVT.
  // @source arch/arm/include/asm/cachetype.h __CACHEID_ALWAYS, __CACHEID_NEVER v6.12
  const always = minimum === 5 ? CACHEID_VIVT : 0;
  const never = minimum === 5 ? ~CACHEID_VIVT : CACHEID_VIVT;
  const seen = ~never & archMinimumMask(minimum) & mask & cacheid_init(reports);
  return ((always & mask) | seen) === 0 ? 0 : 1;
}

/** @source arch/arm/include/asm/cachetype.h __CACHEID_ARCH_MIN v6.12 */
function archMinimumMask(minimum: 5 | 6 | 7): number {
  // A v7-only kernel keeps none of the two bits asked here, so its predicate is constant.
  if (minimum === 7) return CACHEID_VIPT_NONALIASING;
  return minimum === 6 ? ~CACHEID_VIVT : ~0;
}
