// Which machine and kernel a user runs on.

import { type Result, fail, ok } from '../base/index.ts';
import { type Machine, machineById } from '../hw/index.ts';
import {
  type DesignId,
  type ForcedGate,
  type KernelConfig,
  type KernelRemedy,
  type Omittable,
  type ReleaseId,
  type RoleChoice,
  type SeriesRules,
  defaultConfig,
  believesAliasing,
} from '../kernel/index.ts';

/** All that is chosen before a kernel boots. */
export interface UserSetup {
  readonly machine: Machine;
  readonly release: ReleaseId;
  /** A state of the tree between releases. Absent: that of the release. */
  readonly rules?: SeriesRules;
  readonly config: KernelConfig;
  readonly gate: ForcedGate;
  /** The predicate as the kernel computes it; forced to false where the gate is held open. */
  readonly cpu_dcache_is_aliasing: boolean;
  /** Names of chances of failure that fail, e.g. `kzalloc pmem`; by default none does. */
  readonly plan?: (what: string) => boolean;
  /** Which devices there are; by default all of the recorded machine. */
  readonly roles?: RoleChoice;
  /** Absent: 1. */
  readonly cpus?: number;
  /** Power failure leaves the caches. Absent: false. */
  readonly eadr?: boolean;
  /** Kernel functions that do nothing. Absent: none. */
  readonly omitted?: readonly Omittable[];
  /** Design for switching S_DAX. Absent: the merged one. */
  readonly s_dax?: DesignId;
  /** What is done about aliases of DAX pages. Absent: nothing. */
  readonly remedy?: KernelRemedy;
}

/** What a user or a recording says about machine and kernel. */
export interface SetupWishes {
  /** `uname -r` and what follows it; decides about the release. */
  readonly kernelText?: string;
  /** Architecture in a recording's words; decides about the machine. */
  readonly archText?: string;
  /** `open`, or `refused:ERRNO`. */
  readonly gateText?: string;
  readonly machine?: Machine | undefined;
  readonly release?: ReleaseId | undefined;
  /** `open`: alloc_dax() is let through whatever the predicate says. */
  readonly gate?: ForcedGate | 'open' | undefined;
  /** FS_DAX whatever the port can build; by default true but where a recording says otherwise. */
  readonly fsDax?: boolean | undefined;
  /** CONFIG_EXT2_FS; without it the ext4 driver serves type ext2. Default true. */
  readonly ext2?: boolean | undefined;
  readonly plan?: (what: string) => boolean;
}

/** The machine that recordings of x86_64 ran on, as far as caches go. */
const USUAL_MACHINE = 'skylake';

/** Complete setup from wishes; what is not wished is as on the recorded machines: x86, 6.12. */
export function defaultSetup(wishes: SetupWishes): Result<UserSetup> {
  const release = wishes.release ?? releaseOf(wishes.kernelText ?? '6.12');
  if (release === undefined) {
    return fail({
      what: `there is no model of kernel '${wishes.kernelText ?? ''}'`,
      hint: 'modelled: 6.1 and 6.12',
    });
  }
  const machine = wishes.machine ?? machineOf(wishes.archText ?? 'x86_64');
  if (machine === undefined) {
    return fail({
      what: `no machine is known for architecture '${wishes.archText ?? ''}'`,
      hint: 'choose one with --machine; known: dachs list machines',
    });
  }
  const gate = wishes.gate ?? gateOf(wishes.gateText ?? 'open');
  if (gate === undefined) {
    return fail({
      what: `'${wishes.gateText ?? ''}' is no gate`,
      hint: 'a recording has open, refused:EOPNOTSUPP or refused:ENOMEM',
    });
  }
  const fsDax = wishes.fsDax ?? !saysFsDaxOff(wishes.kernelText ?? '');
  const usual = defaultConfig(machine, release, { fsDax });
  const config: KernelConfig = { ...usual, EXT2_FS: wishes.ext2 ?? true };
  const aliasing = gate !== 'open' && believesAliasing(machine, release);
  return ok({
    machine,
    release,
    config,
    gate: gate === 'open' ? 'stock' : gate,
    cpu_dcache_is_aliasing: aliasing,
    ...(wishes.plan === undefined ? {} : { plan: wishes.plan }),
  });
}

function releaseOf(text: string): ReleaseId | undefined {
  const version = /^(\d+)\.(\d+)(?=\D|$)/.exec(text)?.[0];
  return version === '6.1' || version === '6.12' ? version : undefined;
}

// Recordings name the CPU of an emulated machine in words, scenarios of ours by its id.
function machineOf(archText: string): Machine | undefined {
  const ids = new Map([
    ['x86_64', USUAL_MACHINE],
    ['ARM926EJ-S', 'arm926ej-s'],
  ]);
  const words = archText.split(/[ (),]+/);
  const id = words.map((word) => ids.get(word) ?? word).find((word) => machineById(word));
  return id === undefined ? undefined : machineById(id);
}

function gateOf(text: string): ForcedGate | undefined {
  if (text === 'open') return 'stock';
  if (text === 'refused:EOPNOTSUPP') return 'EOPNOTSUPP';
  return text === 'refused:ENOMEM' ? 'ENOMEM' : undefined;
}

function saysFsDaxOff(kernelText: string): boolean {
  return /FS_DAX not selectable|FS_DAX=n/.test(kernelText);
}
