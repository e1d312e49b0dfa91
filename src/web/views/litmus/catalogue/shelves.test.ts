// The catalogue as it is browsed: what is shown of each test is what the parser reads, and a search
// finds what a reader means.

import { expect, test } from 'vitest';
import { parseLitmus } from '../../../../litmus/index.ts';
import { searchCatalogue } from './shelves.ts';
import { catalogue } from './texts.ts';

const entries = catalogue.shelves.flatMap(({ tests }) => tests);

const namesFor = (query: string) =>
  searchCatalogue(catalogue, query).flatMap(({ tests }) => tests.map(({ name }) => name));

test('every test stands on its shelf, those that must be refused on none', () => {
  expect(entries.length).toBeGreaterThan(300);
  expect(catalogue.shelves.map(({ name }) => name)).not.toContain('refused');
  expect(catalogue.shelves.every(({ about }) => about.length > 10)).toBe(true);
});

test('Result lines and the first sentence are those that the parser reads', () => {
  const some = catalogue.shelves.flatMap(({ tests }) => tests.slice(0, 3));
  for (const { name, text, says, results } of some) {
    const parsed = parseLitmus(text, name);
    if (!parsed.ok) throw new Error(`${name}: ${parsed.problems[0]?.what}`);
    expect(results.length, name).toBe(parsed.test.results.length);
    expect(results.map((line) => line.split(' ')[0])).toEqual(
      parsed.test.results.map(({ word }) => word),
    );
    expect(says, name).not.toBe('');
    expect(parsed.test.header.about.startsWith(says), `${name}: ${says}`).toBe(true);
  }
});

test('nothing asked: shelves alone; SHELF/ its tests', () => {
  const all = searchCatalogue(catalogue, ' ');
  expect(all.map(({ shelf }) => shelf.name)).toEqual(catalogue.shelves.map(({ name }) => name));
  expect(all.every(({ tests }) => tests.length === 0)).toBe(true);
  const [shelf, ...others] = searchCatalogue(catalogue, 'coherence/');
  expect(others).toEqual([]);
  expect(shelf?.tests).toEqual(catalogue.shelves.find(({ name }) => name === 'coherence')?.tests);
});

test('a name comes before tests that speak of it, case does not matter', () => {
  expect(namesFor('cowr+k+u+other')[0]).toBe('CoWR+k+u+other');
  expect(namesFor('coherence/cowr+k+k')[0]).toBe('CoWR+k+k');
  expect(namesFor('nothing-is-called-so')).toEqual([]);
});

test('every word must occur, in whatever order', () => {
  const both = namesFor('wilcox 2016');
  expect(both).toContain('CoWR+k+u+other');
  expect(namesFor('2016 wilcox').toSorted()).toEqual(both.toSorted());
  expect(both.length).toBeLessThan(namesFor('2016').length);
});

test('a name leads to one test, with its shelf to each', () => {
  for (const entry of entries) {
    expect(catalogue.byName.get(`${entry.shelf}/${entry.name}`)).toBe(entry);
    expect(catalogue.byName.get(entry.name)?.name).toBe(entry.name);
  }
});
