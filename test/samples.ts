// The samples of test/samples/audit: a few files each, put on the small kernel.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { samplesFolder, samplesOf } from '../scripts/lib/finding-pages.mjs';
import { smallKernelWith } from './small-kernel.ts';

const root = path.resolve(import.meta.dirname, '..');

/** One sample with the tree that it is of. */
export interface SampleTree {
  readonly type: string;
  readonly kind: 'fires' | 'silent';
  /** E.g. `LEAK/fires-2`. */
  readonly title: string;
  /** The files of the sample alone, by their paths in the tree. */
  readonly own: Readonly<Record<string, string>>;
  /** All files of the small kernel with them. */
  readonly files: Readonly<Record<string, string>>;
}

/** Every sample, by type and number. */
export function sampleTrees(): readonly SampleTree[] {
  return samplesOf(root).map(({ type, kind, name, files }) => {
    const read = (file: string): string =>
      readFileSync(path.join(root, samplesFolder, type, name, file), 'utf8');
    const own = Object.fromEntries(files.map((file) => [file, read(file)]));
    return { type, kind, title: `${type}/${name}`, own, files: smallKernelWith(own) };
  });
}
