// The part of an audit that reads C and no Kconfig: it can be done beside the other.

import { ok, type Result } from '../base/index.ts';
import { type CFacts, cNeedles, type CSyntax, readCFacts } from './c/index.ts';
import { auditPaths, type PathAudit, pathNeedles } from './paths/index.ts';
import type { Protocol } from './protocol/index.ts';
import { kernelFolders, searchedTree, type SourceTree } from './tree.ts';

/** Facts of alloc_dax() and its callers, and what their paths told; plain data. */
export interface CPart {
  readonly facts: CFacts;
  readonly paths: PathAudit;
}

/** Reads the C of a tree; a Problem where it is no whole kernel tree. */
export function readCPart(
  given: SourceTree,
  syntax: CSyntax,
  protocols: readonly Protocol[],
): Result<CPart> {
  const needles = [...new Set([...cNeedles, ...pathNeedles(protocols)])];
  const tree = searchedTree(given, needles, kernelFolders(given));
  const facts = readCFacts(tree, syntax);
  if (!facts.ok) return facts;
  return ok({
    facts: facts.value,
    paths: auditPaths(tree, syntax, protocols, facts.value.allocDax),
  });
}
