// The litmus tests of the catalogue, inside the page; in the engine's worker only.

const files = import.meta.glob<string>('../../../../catalogue/*/*.litmus', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** A test as its file has it; `file` is its path below the catalogue. */
export interface CataloguedText {
  readonly file: string;
  readonly shelf: string;
  readonly name: string;
  readonly text: string;
}

/** All tests, by shelf and name; those that must be refused are none. */
export const catalogued: readonly CataloguedText[] = Object.entries(files)
  .map(([path, text]): CataloguedText => {
    const file = path.slice(path.indexOf('/catalogue/') + '/catalogue/'.length);
    const [shelf = '', base = ''] = file.split('/');
    return { file, shelf, name: base.replace(/\.litmus$/, ''), text };
  })
  .filter(({ shelf }) => shelf !== 'refused')
  .toSorted((a, b) => (a.file < b.file ? -1 : 1));

/** The test called `name`, or `shelf/name`. */
export function testNamed(name: string): CataloguedText | undefined {
  return catalogued.find((one) => one.name === name || `${one.shelf}/${one.name}` === name);
}
