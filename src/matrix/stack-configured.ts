// What a kernel does as its own port configures it: without FS_DAX on most ports, where the matrix
// otherwise asks what it would do with it.

import { machines as catalogue } from '../hw/index.ts';
import type { Place } from './stack-parts.ts';
import { type Behaviour, plainMachine, runDriver } from './stack-run.ts';
import type { StackSystem } from './stack.ts';

/** Behaviour with FS_DAX=n; undefined where the port has FS_DAX, or nothing was modelled. */
export function asConfigured(system: StackSystem, place: Place): Behaviour | undefined {
  const { cls, port, belief, machine } = system;
  if (cls.model === undefined || port === undefined || belief === undefined) return undefined;
  if (port.symbols.FS_DAX.value === 'y' || place.driver.touchedBy === 'users') return undefined;
  const aliasing = belief.allocDax.kind !== 'dax_device';
  const plain = plainMachine(catalogue) ?? machine;
  const run = { kernel: cls.model, machine: plain, fsDax: false, aliasing };
  return runDriver(run, place.driver.id, [place.fs]).get(place.fs)?.get(place.option);
}
