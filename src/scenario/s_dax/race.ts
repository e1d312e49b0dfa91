// The name of the race in a schedule, by what happened in it: what a thread had seen of the mode
// before it changed, and what the thread did with that afterwards.

import type { Walked } from '../automaton-search.ts';
import type { SDaxProperty } from './judge.ts';

/**
 * Races of the switch, as the discussion numbers them. R7 is a delay and no race; E1 is none
 * either, but what 88149082bb8e mended.
 */
export type SDaxRace = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'E1';

/** All races in a few words. */
export const sDaxRaces: readonly { readonly id: SDaxRace; readonly title: string }[] = [
  { id: 'R1', title: 'read or write in flight while the mode changes' },
  { id: 'R2', title: 'functions of two tables in one operation' },
  { id: 'R3', title: 'mapped and faulted in before the mode changes, and not noticed' },
  { id: 'R4', title: 'a fault finds its page before the change and maps it after' },
  { id: 'R5', title: 'threads wait for each other, or one for itself' },
  { id: 'R6', title: 'a mapping with MAP_SYNC of a file that has left DAX' },
  { id: 'R7', title: 'the mode follows the flag only when nobody holds the file any more' },
  { id: 'E1', title: 'what was written goes with the inode that is evicted' },
];

/** The race of a schedule that breaks a property; undefined where no rule fits. */
export function raceOf(
  property: SDaxProperty,
  walked: readonly Walked[],
  about: { readonly late: ReadonlySet<number>; readonly isLife: boolean },
): SDaxRace | undefined {
  if (about.isLife) return property === 'P3' ? 'E1' : undefined;
  if (property === 'P5') return 'R5';
  if (property === 'P6') return 'R2';
  if (property === 'P7') return 'R6';
  const flip = walked.findIndex((one) => sets(one, 'i_flags of '));
  if (flip < 0) return undefined;
  const switcher = walked[flip]?.thread;
  const others = [...walked.entries()].filter(
    ([, { thread }]) => thread !== undefined && thread !== switcher && !about.late.has(thread),
  );
  const maps = others.filter(([, one]) => sets(one, 'page table of '));
  if (maps.length > 0) return maps.some(([place]) => place > flip) ? 'R4' : 'R3';
  return 'R1';
}

function sets({ moves }: Walked, table: string): boolean {
  return moves.some(({ node: { visible } }) => {
    return visible.kind === 'set' && visible.cell.startsWith(table);
  });
}
