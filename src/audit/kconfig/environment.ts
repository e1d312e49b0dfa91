// What the build system puts into the environment of conf.
// @source Makefile v6.12 (the exports)

import type { PortConfig } from '../ports.ts';
import type { Profile } from './profile.ts';

/** The plain names of the tools, by the variable that holds them. */
export const toolNames = {
  CC: 'gcc',
  LD: 'ld',
  AR: 'ar',
  NM: 'nm',
  OBJCOPY: 'objcopy',
  PAHOLE: 'pahole',
  PYTHON3: 'python3',
  RUSTC: 'rustc',
  BINDGEN: 'bindgen',
} as const;

/** The environment for a port and a profile; tools by their plain names, whatever is used. */
export function environmentOf(
  port: PortConfig,
  version: string,
  profile: Profile,
): Readonly<Record<string, string>> {
  return {
    srctree: '.',
    KERNELVERSION: version,
    KERNELRELEASE: version,
    CC_VERSION_TEXT: 'gcc 12.2.0',
    RUSTC_VERSION_TEXT: '',
    ...toolNames,
    ...profile.environment,
    ...port.env,
  };
}

/** What make calls the architecture of a port. */
export function archOf({ env, srcarch }: PortConfig): string {
  return env['ARCH'] ?? srcarch;
}
