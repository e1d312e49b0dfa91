// The entry of the C side: everything that one tree says without a configuration.

import { ok, type Result } from '../../base/index.ts';
import type { SourceTree } from '../tree.ts';
import { readAllocDax } from './alloc-dax.ts';
import type { CFacts } from './facts.ts';
import { identifyTree } from './identify.ts';
import type { CSyntax } from './syntax.ts';

/** What the C side searches a whole tree for; the file systems it searches by itself. */
export const cNeedles: readonly string[] = ['alloc_dax'];

/** Version and alloc_dax() facts of a tree; a Problem where it is no whole kernel tree. */
export function readCFacts(tree: SourceTree, syntax: CSyntax): Result<CFacts> {
  const version = identifyTree(tree);
  if (!version.ok) return version;
  return ok({ version: version.value, allocDax: readAllocDax(tree, syntax) });
}
