// What integration tests stand on: real kernel trees and programs of this machine. A test that
// needs one that is not there is skipped with `test.skipIf`; `npm test` then says so, and what
// enables it.

import { has } from '../scripts/lib/run.mjs';
import { findTree } from '../scripts/lib/trees.mjs';

/** Top folder of the real tree of a release such as `6.12`; undefined where there is none. */
export function kernelTree(release: string): string | undefined {
  return findTree(release)?.folder;
}

/** Whether all these programs are on the search path, e.g. `gcc`. */
export function havePrograms(...programs: readonly string[]): boolean {
  return programs.every((program) => has(program));
}
