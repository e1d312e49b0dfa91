// The audit of a whole tree by protocols that a user names: every file that names a function which
// acquires, one after the other, and nothing else. What a file needed is dropped with its folder,
// so that memory does not grow with the tree.

import { ok, type Result } from '../../base/index.ts';
import { type CSyntax, identifyTree, type NotChecked } from '../c/index.ts';
import type { Finding } from '../finding.ts';
import { sorted } from '../findings.ts';
import { type Protocol, unbounded } from '../protocol/index.ts';

import { kernelFolders, type SourceTree } from '../tree.ts';
import { TreeSources } from '../walk/index.ts';
import { type Exempt, exemptIn, unchecked, unique, unread } from './audit-paths.ts';
import { FolderAnswers } from './asks.ts';
import { pathFindings } from './path-findings.ts';
import { withoutReach } from './reach.ts';
import { acquisitionsIn, walkFile } from './walk-file.ts';

/** What was looked at by one protocol. */
export interface ProtocolCount {
  readonly name: string;
  readonly title: string;
  /** Files that call one of its functions which acquire. */
  readonly files: number;
  /** Those calls. */
  readonly calls: number;
}

/** What the protocols found in a tree. Whether anyone can configure what is found is not asked. */
export interface ProtocolAudit {
  /** Path or title of the tree as it was given. */
  readonly tree: string;
  /** E.g. `6.12.117`. */
  readonly release: string;
  readonly protocols: readonly ProtocolCount[];
  /** Functions that were walked. */
  readonly functions: number;
  readonly findings: readonly Finding[];
  readonly exempt: readonly Exempt[];
  readonly notChecked: readonly NotChecked[];
}

/** How the audit goes on: called before each file. */
export type ProtocolProgress = (done: number, total: number, label: string) => Promise<void>;

/** Walks a whole tree by these protocols alone, wherever each says that it holds. */
export async function auditProtocols(
  tree: SourceTree,
  syntax: CSyntax,
  protocols: readonly Protocol[],
  progress?: ProtocolProgress,
): Promise<Result<ProtocolAudit>> {
  const release = identifyTree(tree);
  if (!release.ok) return release;
  const everywhere = protocols.map(unbounded);
  await progress?.(0, 1, 'files that call the functions');
  const files = filesCalling(tree, everywhere);
  const parts: FilePart[] = [];
  let folder: string | undefined;
  let reading = openReading(tree, syntax, everywhere);
  for (const [index, file] of files.entries()) {
    await progress?.(index, files.length, file);
    const own = file.slice(0, file.lastIndexOf('/'));
    // Headers are shared by the files of a folder, and by no others.
    if (own !== folder) reading = openReading(tree, syntax, everywhere);
    folder = own;
    parts.push(auditFile(tree, file, everywhere, reading));
    reading.sources.drop(file);
  }
  return ok({
    tree: tree.name,
    release: release.value.release,
    protocols: everywhere.map(({ name, title }, i) => {
      const calls = parts.map((part) => part.calls[i] ?? 0);
      const total = calls.reduce((sum, one) => sum + one, 0);
      return { name, title, files: calls.filter((one) => one > 0).length, calls: total };
    }),
    functions: parts.reduce((sum, part) => sum + part.functions, 0),
    findings: sorted(parts.flatMap((part) => part.findings)),
    exempt: unique(parts.flatMap((part) => part.exempt)),
    notChecked: parts.flatMap((part) => part.notChecked),
  });
}

/** C files that name a function which acquires, in order. */
function filesCalling(tree: SourceTree, protocols: readonly Protocol[]): readonly string[] {
  const acquire = protocols.flatMap((one) => one.acquire.map((a) => a.function));
  const found = tree.search([...new Set(acquire)], kernelFolders(tree));
  const files = new Set([...found.values()].flat());
  return [...files].filter((file) => file.endsWith('.c')).sort();
}

interface Reading {
  readonly sources: TreeSources;
  readonly answers: FolderAnswers;
}

function openReading(tree: SourceTree, syntax: CSyntax, protocols: readonly Protocol[]): Reading {
  const sources = new TreeSources(tree, syntax, protocols);
  return { sources, answers: new FolderAnswers(tree, syntax, sources) };
}

interface FilePart {
  /** Calls that acquire, by protocol. */
  readonly calls: readonly number[];
  readonly functions: number;
  readonly findings: readonly Finding[];
  readonly exempt: readonly Exempt[];
  readonly notChecked: readonly NotChecked[];
}

function auditFile(
  tree: SourceTree,
  file: string,
  protocols: readonly Protocol[],
  { sources, answers }: Reading,
): FilePart {
  const unit = sources.unit(file);
  if (unit === undefined) {
    return { calls: [], functions: 0, findings: [], exempt: [], notChecked: [unread(tree, file)] };
  }
  const calls = protocols.map((one) => acquisitionsIn(unit, one).length);
  const walked = walkFile(unit, protocols, sources);
  return {
    calls,
    functions: walked.functions.length,
    findings: pathFindings(walked, sources, answers).map(withoutReach),
    exempt: exemptIn(walked),
    notChecked: unchecked(walked, protocols),
  };
}
