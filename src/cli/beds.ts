// Which machines and kinds of cache a test runs on, from what was typed.

import { everyBed } from '../answer/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { machineById, machines } from '../hw/index.ts';
import { type Bed, bedOf, cacheKinds } from '../verdict/index.ts';
import { selectMachines, unknown } from './selection.ts';

/**
 * `--machine` by ids of machines or names of cache kinds; `all` for both, `machines` or `kinds` for
 * one of them; all where nothing is typed. `--arch` narrows to machines of those architectures.
 */
export function selectBeds(
  typed: string | undefined,
  archs: string | undefined,
): Result<readonly Bed[]> {
  if (archs !== undefined) {
    const chosen = selectMachines(typed, archs);
    if (!chosen.ok) return chosen;
    if (chosen.value.length === 0) {
      return fail({
        what: 'no machine is in both --machine and --arch',
        hint: 'dachs list machines',
      });
    }
    return ok(chosen.value.map(bedOf));
  }
  const everything = everyBed();
  if (typed === undefined) return ok(everything);
  const words = typed
    .split(',')
    .map((w) => w.trim())
    .filter((w) => w !== '');
  if (words.length === 0) {
    return fail({ what: 'no machine is named', hint: 'dachs list machines' });
  }
  const beds = new Map<string, Bed>();
  for (const word of words) {
    const found = bedsCalled(word, everything);
    if (found.length === 0) {
      return unknown('machine', word, [...everything.map((b) => b.id), 'all', 'machines', 'kinds']);
    }
    for (const bed of found) beds.set(bed.id, bed);
  }
  return ok([...beds.values()]);
}

function bedsCalled(word: string, everything: readonly Bed[]): readonly Bed[] {
  switch (word) {
    case 'all':
      return everything;
    case 'machines':
      return machines.map(bedOf);
    case 'kinds':
      return cacheKinds;
    default: {
      const machine = machineById(word);
      return machine ? [bedOf(machine)] : cacheKinds.filter((k) => k.id === word);
    }
  }
}
