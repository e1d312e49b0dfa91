// What a drawing shows, in words: for whoever does not see it.

import type { Film } from '../../../../verdict/index.ts';
import { titleOfCopy } from './cache.ts';
import { readWords } from './reads.ts';

/** What is in the caches and memory of frame `at`: `set 0: x under K, dirty 1; memory: x 0`. */
export function stageText(film: Film, at: number): string {
  const frame = film.frames[at];
  if (frame === undefined) return '';
  const several = new Set(film.copies.map(({ cpu }) => cpu)).size > 1;
  const copies = film.copies.flatMap((copy, i) => {
    const held = frame.copies[i];
    if (held === undefined || held.state === 'absent') return [];
    const cache = copy.cache === 'fetch' ? 'instruction cache, ' : '';
    const old = held.old.includes(true) ? ' old' : '';
    const cpu = several ? `CPU ${copy.cpu}, ` : '';
    const holds = `${held.state}${old} ${held.values.join(' ')}`;
    return [`${cpu}${cache}set ${copy.set}: ${titleOfCopy(film, copy)}, ${holds}`];
  });
  const memory = frame.memory.map(({ line, values, old }) => {
    const name = film.lines.find(({ key }) => key === line)?.name ?? '';
    return `memory: ${name}${old.includes(true) ? ' old' : ''} ${values.join(' ')}`;
  });
  return [...(copies.length > 0 ? copies : ['nothing is cached']), ...memory].join('; ');
}

/** The sentence of a step with the value that it takes. */
export function stepText(film: Film, step: number): string {
  if (step === 0) return 'Before the first step: nothing is cached.';
  const says = film.witness.steps[step - 1]?.says ?? '';
  const read = film.steps[step - 1]?.read;
  return `${step}. ${says}${read ? `, ${readWords(read)}` : ''}`;
}
