// The litmus language as others use it: text -> test, text -> canonical text.

import type { Problem } from '../base/index.ts';
import type { LitmusFile } from './ast.ts';
import { type Header, readHeader } from './header.ts';
import { type Keys, readKeys } from './keys.ts';
import { lower, type NamedCall } from './lower.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';
import type { Program } from './program.ts';
import { Reporter } from './reporter.ts';
import type { ResultLine } from './result.ts';
import type { DeviceInfo, MountInfo } from './world-types.ts';

/** One litmus test, read and checked. */
export interface LitmusTest {
  readonly name: string;
  /** The quoted line under the name; absent: none. */
  readonly title?: string;
  readonly keys: Keys;
  readonly header: Header;
  /** What it claims: the header's `Result:` lines. */
  readonly results: readonly ResultLine[];
  readonly program: Program;
  /** What its `call` steps ask machine and kernel, by the name of the step. */
  readonly calls: readonly NamedCall[];
  readonly devices: readonly DeviceInfo[];
  readonly mounts: readonly MountInfo[];
  /** What the model leaves out of this very test: whole sentences. */
  readonly notes: readonly string[];
  readonly ast: LitmusFile;
  /** The text that was read. */
  readonly text: string;
}

/** A test, or everything that is wrong with its text: up to twenty problems with their places. */
export type Parsed =
  | { readonly ok: true; readonly test: LitmusTest }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Canonical text, or the problems that stand in its way. */
export type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a test; `file` is the name that places begin with. Time is linear in the text. */
export function parseLitmus(text: string, file: string): Parsed {
  const reporter = new Reporter(text, file);
  const parsed = parse(text, reporter);
  if (!parsed || !reporter.none) return { ok: false, problems: reporter.all() };
  const { file: ast, comments } = parsed;
  const header = readHeader({ text, comments, end: ast.init.from }, reporter);
  const keys = readKeys(ast, reporter);
  const { program, calls, world, notes } = lower(ast, header, reporter);
  if (!reporter.none) return { ok: false, problems: reporter.all() };
  const test: LitmusTest = {
    name: program.name,
    ...(ast.title ? { title: ast.title.text } : {}),
    keys,
    header,
    results: header.results,
    program: speakingOf(program, keys),
    calls,
    devices: [...world.devices.values()],
    mounts: [...world.mounts.values()],
    notes,
    ast,
    text,
  };
  return { ok: true, test };
}

// The machines of a key line are what the claims of a test on a kernel are about.
function speakingOf(program: Program, { machines }: Keys): Program {
  if (program.stack === undefined || machines === undefined) return program;
  return { ...program, stack: { ...program.stack, machines } };
}

/**
 * The text as `dachs fmt` writes it: one statement a line, tabs, no needless parentheses. Every
 * comment is kept. Only the syntax has to be right, names need not be known.
 */
export function formatLitmus(text: string, file: string): Formatted {
  const reporter = new Reporter(text, file);
  const parsed = parse(text, reporter);
  if (!parsed || !reporter.none) return { ok: false, problems: reporter.all() };
  return { ok: true, text: print(parsed.file) };
}
