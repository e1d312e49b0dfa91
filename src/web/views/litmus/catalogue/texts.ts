// The texts of the catalogue: a part of the page of its own, loaded when they are looked at.

import { type Catalogue, catalogueOf } from './shelves.ts';

const tests = import.meta.glob<string>(
  ['../../../../../catalogue/*/*.litmus', '!../../../../../catalogue/refused/*'],
  { query: '?raw', import: 'default', eager: true },
);

const abouts = import.meta.glob<string>('../../../../../catalogue/*/about.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The catalogue as it was when the page was built. */
export const catalogue: Catalogue = catalogueOf({ ...tests, ...abouts });
