// References of modules: a module with references cannot be removed.
// @source kernel/module/main.c v6.12

import { type Linux, subsystem } from '../../linux.ts';
import { Shared } from '../../shared.ts';
import { fails, get, type Op, set } from '../../steps.ts';

/** Modules whose references are counted. */
export type ModuleName = 'dm_mod' | 'dcssblk';

/** References by module. */
export class Modules {
  readonly refcnt: Readonly<Record<ModuleName, Shared<number>>> = {
    dm_mod: new Shared('references of module dm_mod', 0),
    dcssblk: new Shared('references of module dcssblk', 0),
  };
}

/** Takes a reference: false where the module is about to go. */
export function* try_module_get(linux: Linux, name: ModuleName): Op<boolean> {
  if (yield* fails(`try_module_get ${name}`)) return false;
  const refcnt = subsystem(linux, Modules).refcnt[name];
  yield* set(refcnt, 0, (yield* get(refcnt)) + 1);
  return true;
}

/** Gives a reference back. */
export function* module_put(linux: Linux, name: ModuleName): Op<void> {
  const refcnt = subsystem(linux, Modules).refcnt[name];
  yield* set(refcnt, 0, (yield* get(refcnt)) - 1);
}
