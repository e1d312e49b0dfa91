// The recordings of real kernels, inside the page: each a part of its own that is loaded in the
// worker when it is first asked for.

const files = import.meta.glob<string>('../../../data/kernel-truth/*.jsonl', {
  query: '?raw',
  import: 'default',
});

/** Where the command line finds recordings, from the root of the project. */
const FOLDER = 'data/kernel-truth';

/** A recording that the page has. */
export interface StoredRecording {
  /** As links have it: `x86_64-6.12`. */
  readonly name: string;
  /** As the command line has it. */
  readonly file: string;
  readonly load: () => Promise<string>;
}

/** All recordings, those of most scenarios first: newest kernel, then by name. */
export const storedRecordings: readonly StoredRecording[] = Object.entries(files)
  .map(([path, load]) => {
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.jsonl$/, '');
    return { name, file: `${FOLDER}/${name}.jsonl`, load };
  })
  .toSorted((a, b) => (a.name < b.name ? 1 : -1));
