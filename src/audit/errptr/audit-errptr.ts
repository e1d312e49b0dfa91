// All functions of a tree that return error pointers, all their callers, and who does not look.
// Reading and walking are the business of whoever calls: in threads, from a cache, or at hand.

import { at, present } from '../../base/index.ts';
import type { NotChecked, Place } from '../c/index.ts';
import type { Finding, FindingNote } from '../finding.ts';
import type { FunctionFacts } from './facts.ts';
import { type Fault, faultsOf } from './judge.ts';
import { Rounds } from './link.ts';
import { type Origin, Outcomes } from './outcome.ts';
import { lineTable } from '../flow/line-table.ts';
import { Program } from './program.ts';
import type { Scanned } from './scan.ts';

/** A function that is to be walked; `index` is its place among those of its file. */
export interface WalkRequest {
  readonly path: string;
  readonly index: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What the audit needs of the world. */
export interface ErrptrSource {
  readonly tree: string;
  /** Every file of C, in the order of paths; `why` where one could not be read. */
  readonly scan: () => Promise<
    readonly ({ readonly path: string } & (
      | { readonly scanned: Scanned }
      | { readonly why: string }
    ))[]
  >;
  /** Facts in the order of the requests, which are in the order of files. */
  readonly walk: (requests: readonly WalkRequest[]) => Promise<readonly FunctionFacts[]>;
  /** The text of a file that was scanned. */
  readonly text: (path: string) => string;
}

/** What is known of a whole tree. */
export interface ErrptrAudit {
  readonly tree: string;
  readonly files: number;
  readonly functions: number;
  /** Functions that may return an error pointer. */
  readonly returning: number;
  /** Functions that want the value of a call of one of those. */
  readonly callers: number;
  readonly findings: readonly Finding[];
  /** Calls whose definitions disagree about error pointers. */
  readonly ambiguous: number;
  readonly notChecked: readonly NotChecked[];
}

/** Audits a tree; the same for any number of workers and any cache. */
export async function auditErrptr(source: ErrptrSource): Promise<ErrptrAudit> {
  const read = await source.scan();
  const scans = read.flatMap((one) => ('scanned' in one ? [one] : []));
  const program = new Program(scans);
  const rounds = new Rounds(program);
  for (let ids = rounds.next(); ids.length > 0; ids = rounds.next()) {
    const facts = await source.walk(ids.map((id) => requestOf(program, id)));
    for (const [i, id] of ids.entries()) program.facts[id] = present(at(facts, i), 'facts');
  }
  const unread = read.flatMap((one): NotChecked[] =>
    'why' in one ? [{ subject: 'file', why: one.why, file: one.path, line: 1 }] : [],
  );
  const told = new Places(program, source.text);
  const outcomes = new Outcomes(program);
  const asked = [...rounds.asked].sort((a, b) => a - b);
  const faults = asked.flatMap((id) => folded(faultsOf(program, outcomes, id)));
  return {
    tree: source.tree,
    files: read.length,
    functions: program.functions.length,
    returning: rounds.erring.size,
    callers: rounds.callers().size,
    findings: sorted(faults.map(([fault, count]) => findingOf(program, fault, count, told))),
    ambiguous: ambiguousCalls(program, outcomes, asked),
    notChecked: [...unread, ...notWalked(program, asked, told)].sort(byPlace),
  };
}

function requestOf(program: Program, id: number): WalkRequest {
  const { file, name, start, end } = at(program.functions, id);
  const { path, functions } = at(program.files, file);
  return { path, index: id - at(functions, 0).id, name, start, end };
}

/** Lines and columns; the table of one file is kept, since questions come file by file. */
class Places {
  readonly program: Program;
  readonly text: (path: string) => string;
  readonly tables = new Map<string, (at: number) => Place>();

  constructor(program: Program, text: (path: string) => string) {
    this.program = program;
    this.text = text;
  }

  of(id: number, offset: number): Place {
    const { path } = at(this.program.files, this.program.fileOf(id));
    let table = this.tables.get(path);
    if (table === undefined) {
      table = lineTable(path, this.text(path));
      this.tables.set(path, table);
    }
    return table(offset);
  }
}

/** Calls of one function whose results are used in the same way: the first, and how many. */
function folded(faults: readonly Fault[]): readonly (readonly [Fault, number])[] {
  const found = new Map<string, [Fault, number]>();
  for (const fault of faults) {
    const key = `${fault.type} ${fault.of} ${fault.use.callee}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [fault, 1]);
    else known[1]++;
  }
  return [...found.values()];
}

function findingOf(program: Program, fault: Fault, count: number, places: Places): Finding {
  const { type, of, caller, use } = fault;
  const { callee, callAt, useAt, testAt } = use;
  const isTest = type === 'WRONG_CHECK';
  const what =
    of === 'null'
      ? `${callee}() gives NULL on failure and never an error pointer, but only IS_ERR() is asked`
      : isTest
        ? `${callee}() gives an error pointer on failure and never NULL, but only NULL is asked for`
        : `${callee}() may give an error pointer, which is dereferenced here without IS_ERR()`;
  const notes: FindingNote[] = [
    {
      place: places.of(caller, callAt),
      message: `${callee}() is called in ${named(program, caller)}`,
    },
  ];
  if (testAt >= 0) {
    const message = `the result is tested for ${of === 'null' ? 'an error' : 'NULL'} alone`;
    notes.push({ place: places.of(caller, testAt), message });
  }
  const verb = use.kind === 'null-tested-passed' ? 'handed on' : 'dereferenced';
  notes.push({ place: places.of(caller, useAt), message: `the result is ${verb}` });
  if (count > 1)
    notes.push({ message: `so are results of ${count - 1} more calls in the function` });
  notes.push(...fault.origins.map((origin) => originNote(program, origin, of, places)));
  return {
    type,
    level: 'error',
    place: places.of(caller, isTest && testAt >= 0 ? testAt : useAt),
    message: what,
    reach: 'not-checked',
    notes,
  };
}

function originNote(
  program: Program,
  origin: Origin,
  of: Fault['of'],
  places: Places,
): FindingNote {
  const value = of === 'null' ? 'NULL' : 'an error pointer';
  return {
    place: places.of(origin.function, origin.at),
    message: `${named(program, origin.function)} returns ${value} from here`,
  };
}

function named(program: Program, id: number): string {
  return `${at(program.functions, id).name}()`;
}

function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) => byPlace({ ...a.place }, { ...b.place }) || (a.type < b.type ? -1 : 1),
  );
}

function byPlace(
  a: { readonly file: string; readonly line: number; readonly col?: number },
  b: { readonly file: string; readonly line: number; readonly col?: number },
): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || (a.col ?? 0) - (b.col ?? 0);
}

function ambiguousCalls(program: Program, outcomes: Outcomes, asked: readonly number[]): number {
  let count = 0;
  for (const id of asked) {
    for (const use of program.facts[id]?.uses ?? []) {
      if (outcomes.ofCall(use.callee, program.fileOf(id), use).ambiguous) count++;
    }
  }
  return count;
}

function notWalked(program: Program, asked: readonly number[], places: Places): NotChecked[] {
  return asked.flatMap((id) => {
    const why = program.facts[id]?.notChecked;
    if (why === undefined) return [];
    const { file, line } = places.of(id, at(program.functions, id).at);
    return [{ subject: named(program, id), why, file, line }];
  });
}
