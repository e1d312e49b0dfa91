// What a drawing shows, in words: for whoever does not see it.

import type { Film } from '../../../../verdict/index.ts';
import { sizeText, titleOfCopy } from './cache.ts';
import { readWords } from './reads.ts';
import type { Rulers } from './ruler.ts';
import { counted } from './text.ts';

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

/** What the data cache makes of several addresses of one page, from its figures. */
export function geometryText({ geometry }: Film): string {
  const { data, pageBytes } = geometry;
  if (data === undefined) return 'No data cache is modelled: every access goes to memory.';
  const { kind, sizeBytes, ways, colours, indexedBy, taggedBy } = data;
  const name = `The data cache is ${kind.toUpperCase()}`;
  const way = sizeBytes / ways;
  const sum = `${sizeText(sizeBytes)} / ${counted(ways, 'way')} = ${sizeText(way)}`;
  if (indexedBy === 'physical') {
    const by = kind === 'pipt' ? 'it is physically indexed' : 'hardware keeps synonyms out';
    return `${name}, ${sum} per way; ${by}: all addresses of a page find the same line.`;
  }
  const pages = `in pages of ${sizeText(pageBytes)} that is ${counted(colours, 'colour')}`;
  if (taggedBy === 'virtual') {
    return `${name}, ${sum} per way; the tag is virtual: two addresses of a page are two lines.`;
  }
  const found =
    colours === 1
      ? 'all addresses of a page find the same line'
      : 'addresses of two colours are two lines';
  return `${name}, ${sum} per way; ${pages}: ${found}.`;
}

/** The addresses of a drawing and what they come to: `K, virtual 0x84000000: set 0`. */
export function rulersText({ rulers }: Rulers): string {
  return rulers
    .map(({ label, address, result }) => `${label} ${address}${result ? `: ${result}` : ''}`)
    .join('; ');
}
