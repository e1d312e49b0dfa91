// The path audit of a tree: files that name a function which acquires, walked by the protocols, and
// what was found out about each.

import type { LearntAttach } from '../../scenario/index.ts';
import type { AllocDaxFacts, CSyntax, NotChecked } from '../c/index.ts';
import { appliesTo, type Protocol } from '../protocol/index.ts';
import { kernelFolders, type SourceTree } from '../tree.ts';
import { TreeSources } from '../walk/index.ts';
import { FolderAnswers } from './asks.ts';
import { learnAttaches } from './learn.ts';
import { pathFindings } from './path-findings.ts';
import { type OpenFinding, questionsOf } from './reach.ts';
import { unreadParts } from './unread.ts';
import { type WalkedFile, walkFile } from './walk-file.ts';

/** What the walks of a tree gave; the reach of the findings is still to be asked. */
export interface PathAudit {
  readonly findings: readonly OpenFinding[];
  /** Calls that are not judged, and why. */
  readonly exempt: readonly Exempt[];
  /** Automata of the attach functions of which there is a model. */
  readonly learnt: readonly LearntAttach[];
  readonly notChecked: readonly NotChecked[];
}

/** A call of an acquiring function that a protocol exempts. */
export interface Exempt {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly acquire: string;
  readonly why: string;
}

/** Functions whose callers are searched for in the whole tree. */
export function pathNeedles(protocols: readonly Protocol[]): readonly string[] {
  const wide = protocols.filter(({ within }) => within === undefined);
  return wide.flatMap(({ acquire }) => acquire.map((one) => one.function));
}

/** Walks all functions of a tree that deal with the objects of the protocols. */
export function auditPaths(
  tree: SourceTree,
  syntax: CSyntax,
  protocols: readonly Protocol[],
  allocDax?: AllocDaxFacts,
): PathAudit {
  const sources = new TreeSources(tree, syntax, protocols);
  const answers = new FolderAnswers(tree, syntax, sources);
  const findings: OpenFinding[] = [];
  const exempt: Exempt[] = [];
  const learnt: LearntAttach[] = [];
  const notChecked: NotChecked[] = [];
  for (const file of filesOf(tree, protocols)) {
    const unit = sources.unit(file);
    if (unit === undefined) {
      notChecked.push(unread(tree, file));
      continue;
    }
    const walked = walkFile(unit, protocols, sources);
    learnt.push(...learnAttaches(walked));
    findings.push(
      ...pathFindings(walked, sources, answers).map((path) => questionsOf(tree, path, allocDax)),
    );
    exempt.push(...exemptIn(walked));
    notChecked.push(...unchecked(walked, protocols));
  }
  return { findings, exempt: unique(exempt), learnt, notChecked };
}

/** That a file could not be read, and why. */
export function unread(tree: SourceTree, file: string): NotChecked {
  const read = tree.read(file);
  const why = read.ok ? 'it could not be parsed' : read.problem.what;
  return { subject: 'paths of functions', why, file, line: 1 };
}

/** C files that call a function which acquires, in order. */
function filesOf(tree: SourceTree, protocols: readonly Protocol[]): readonly string[] {
  const folders = kernelFolders(tree);
  const files = new Set<string>();
  for (const protocol of protocols) {
    for (const { function: name } of protocol.acquire) {
      for (const file of callersOf(tree, protocol, name, folders)) {
        if (file.endsWith('.c')) files.add(file);
      }
    }
  }
  return [...files].sort();
}

function callersOf(
  tree: SourceTree,
  { within }: Protocol,
  name: string,
  folders: readonly string[],
): readonly string[] {
  if (within === undefined) return tree.filesContaining(name, folders);
  return within.flatMap((one) => {
    if (one.endsWith('/')) return tree.filesContaining(name, [one]);
    const text = tree.read(one);
    // What is not there is not missed: no release has all of the drivers.
    return text.ok && text.value.includes(name) ? [one] : [];
  });
}

/** Calls of the functions of a file that a protocol exempts. */
export function exemptIn({ unit, functions }: WalkedFile): readonly Exempt[] {
  return functions.flatMap(({ walker }) =>
    [...walker.exempt].flatMap(([index, why]) => {
      const site = walker.sites[index];
      if (site === undefined || site.where.unit !== unit) return [];
      const { line } = unit.place(site.where.at);
      const { acquire, function: inFunction } = site;
      return [{ file: unit.file, line, function: inFunction, acquire: acquire.function, why }];
    }),
  );
}

/** Each call once, whichever function was walked into it. */
export function unique(all: readonly Exempt[]): readonly Exempt[] {
  return all.filter(
    (one, i) => all.findIndex((o) => o.file === one.file && o.line === one.line) === i,
  );
}

/** Functions of a file whose paths were not all walked, and parts of it that were not read. */
export function unchecked(
  walked: WalkedFile,
  protocols: readonly Protocol[],
): readonly NotChecked[] {
  const { unit, functions } = walked;
  const cut = functions.flatMap(({ flow, walker }) =>
    [...walker.notChecked].map((why) => ({
      subject: `paths of ${flow.name}()`,
      why,
      file: unit.file,
      line: unit.place(flow.at).line,
    })),
  );
  const applying = protocols.filter((one) => appliesTo(one, unit.file));
  const names = new Set(applying.flatMap((one) => one.acquire.map((a) => a.function)));
  return [...cut, ...unreadParts(walked, names)];
}
