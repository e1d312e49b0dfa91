// Problems of the parser stand where the reader sees them in an editor.

import { expect, test } from 'vitest';
import { mistakeAt, mistakesIn } from './lint.ts';

const right = `DAX a

{
	page x = 0;
	int *k = linear(x);
}

P0(int *k)
{
	WRITE_ONCE(*k, 1);
}

exists (x=1)
`;

test('a text that can be run has no mistake', () => {
  expect(mistakesIn(right, 'a')).toEqual([]);
});

test('a misspelt primitive is underlined as a whole, with its hint', () => {
  const text = right.replace('WRITE_ONCE', 'WRITE_ONEC');
  const [mistake, ...others] = mistakesIn(text, 'a');
  expect(others).toEqual([]);
  expect(text.slice(mistake?.from, mistake?.to)).toBe('WRITE_ONEC');
  expect(mistake).toMatchObject({ line: 10, column: 2 });
  expect(mistake?.problem.hint).toContain('WRITE_ONCE');
});

test('several mistakes come in the order of their places', () => {
  const text = right.replace('linear(x)', 'linear(y)').replace('x=1', 'z=1');
  const found = mistakesIn(text, 'a');
  expect(found.map(({ from, to }) => text.slice(from, to))).toEqual(['y', 'z']);
});

test('what is missing at the end underlines the last character', () => {
  const text = 'DAX a\n\n{\n\tpage x = 0';
  const [mistake] = mistakesIn(text, 'a');
  expect(mistake?.to).toBeLessThanOrEqual(text.length);
  expect(mistake?.from).toBeLessThan(mistake?.to ?? 0);
});

test('a problem without a line is about no place; one outside of the text is inside it', () => {
  expect(mistakeAt('abc', { what: '3 more problems', where: 'a' })).toMatchObject({
    from: 0,
    to: 0,
  });
  expect(mistakeAt('abc', { what: 'w', where: 'a:9:9' })).toMatchObject({ from: 2, to: 3 });
  expect(mistakesIn('', 'a')[0]).toMatchObject({ from: 0, to: 0 });
});

test('what must be refused is refused here too, at a place inside the text', () => {
  const files = import.meta.glob<string>('../../../../../catalogue/refused/*.litmus', {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  expect(Object.keys(files).length).toBeGreaterThan(30);
  for (const [file, text] of Object.entries(files)) {
    const found = mistakesIn(text, file);
    expect(found, file).not.toEqual([]);
    for (const { from, to } of found) {
      expect(from, file).toBeLessThanOrEqual(to);
      expect(to, file).toBeLessThanOrEqual(text.length);
    }
  }
});
