// The bits of the addresses, under each cache.

import type { Film } from '../../../verdict/index.ts';
import { Figure } from '../../ui/index.ts';
import { Drawing } from './drawing/drawing.tsx';
import { RulersDrawing } from './drawing/rulers.tsx';
import { rulersOf } from './layout/ruler.ts';
import { rulersText } from './layout/words.ts';
import { BitTable } from './tables.tsx';

const RULER_TITLES = {
  data: 'Bits of the addresses',
  fetch: 'Bits of the addresses, in the instruction cache',
} as const;

/** Both caches may look at the same bits: then one drawing says it. */
function areAlike({ addresses }: Film): boolean {
  return addresses.every(({ data, fetch }) => JSON.stringify(data) === JSON.stringify(fetch));
}

/** A figure for each cache that addresses go through. */
export function Addresses({ film }: { readonly film: Film }) {
  const alike = film.geometry.fetch !== undefined && areAlike(film);
  const shown = alike ? (['data'] as const) : (['data', 'fetch'] as const);
  return (
    <>
      {shown.map((cache) => {
        const rulers = rulersOf(film, cache);
        if (rulers === undefined || film.geometry[cache] === undefined) return null;
        const { indexedBy, taggedBy } = film.geometry[cache];
        const summary = `The index is ${indexedBy}, the tag ${taggedBy}.`;
        return (
          <Figure
            key={cache}
            title={`${RULER_TITLES[cache]}${alike ? ', in both caches' : ''}`}
            summary={summary}
            drawing={
              <Drawing
                width={rulers.width}
                height={rulers.height}
                label={`${summary} ${rulersText(rulers)}`}
              >
                <RulersDrawing rulers={rulers} />
              </Drawing>
            }
            table={<BitTable rulers={rulers} />}
          />
        );
      })}
    </>
  );
}
