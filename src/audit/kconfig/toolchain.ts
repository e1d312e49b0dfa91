// What real toolchains answered, as a record: made by a probe, kept as a file, used as a profile.

import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { toolNames } from './environment.ts';
import { plainFacts } from './profile.ts';
import type { Profile } from './profile.ts';

/** A program that was probed, as it presents itself. */
export interface ProbedTool {
  /** The variable of the build that names it, e.g. `CC`; `AS` for the compiler's assembler. */
  readonly variable: string;
  /** As it was called, e.g. `arm-linux-gnueabi-gcc`. */
  readonly command: string;
  /** First line of what it prints for `--version`. */
  readonly version: string;
  /** What a compiler says it makes code for. */
  readonly target?: string;
  /** Name and version of the Debian package, where it is from one. */
  readonly package?: string;
}

/** Answers of one toolchain for the architectures that `fits` names. */
export interface ToolchainRecord {
  readonly name: string;
  readonly title: string;
  /** Values of ARCH for which it was probed, sorted. */
  readonly fits: readonly string[];
  /** Tools that were there; questions about others were answered by their absence. */
  readonly tools: readonly ProbedTool[];
  /** Releases of the trees that asked, sorted. */
  readonly releases: readonly string[];
  /** What the build puts into the environment with these tools, but for the tools themselves. */
  readonly environment: Readonly<Record<string, string>>;
  /** The answer to yes-or-no questions that are not on record. */
  readonly otherwise: 'y' | 'n';
  /** What commands print, with the plain names of the tools in them; sorted. */
  readonly answers: Readonly<Record<string, string>>;
}

/** The profile that a record makes. */
export function recordedProfile(record: ToolchainRecord): Profile {
  const { name, title, fits, environment, answers, otherwise } = record;
  return {
    name,
    title,
    fits,
    environment,
    answers: new Map(Object.entries(answers)),
    outputs: scriptOutputs(answers),
    settled: plainFacts,
    succeeds: otherwise === 'y',
  };
}

// A version script gives the same answer with other arguments, and under the name it had before.
function scriptOutputs(answers: Readonly<Record<string, string>>): Profile['outputs'] {
  const rules = Object.entries(answers).flatMap(([command, output]) => {
    const script = /^\.\/(scripts\/[\w-]+-version\.sh) /.exec(command)?.[1];
    return script === undefined ? [] : [{ contains: script, output }];
  });
  const compiler = rules.find(({ contains }) => contains === 'scripts/cc-version.sh')?.output;
  const [kind, version] = compiler?.split(' ') ?? [];
  if (kind === undefined || version === undefined) return rules;
  const older = (name: string, wanted: string): Profile['outputs'][number] => ({
    contains: `scripts/${name}-version.sh`,
    output: kind === wanted ? version : '0',
  });
  return [...rules, older('gcc', 'GCC'), older('clang', 'Clang')];
}

/**
 * One record out of two of the same tools, e.g. of two trees or two ports. Tools, environments or
 * answers that differ are a Problem.
 */
export function mergeRecords(a: ToolchainRecord, b: ToolchainRecord): Result<ToolchainRecord> {
  const differing = differenceOf(a, b);
  if (differing !== undefined) {
    return fail({
      what: `the records ${a.name} and ${b.name} differ: ${differing}`,
      hint: 'keep them as two profiles',
    });
  }
  return ok({
    ...a,
    fits: sorted([...a.fits, ...b.fits]),
    releases: sorted([...a.releases, ...b.releases]),
    answers: sortedRecord({ ...a.answers, ...b.answers }),
  });
}

function differenceOf(a: ToolchainRecord, b: ToolchainRecord): string | undefined {
  if (JSON.stringify(a.tools) !== JSON.stringify(b.tools)) return 'the tools';
  const environment = firstDifference(a.environment, b.environment);
  if (environment !== undefined) return `${environment} in the environment`;
  const question = firstDifference(a.answers, b.answers);
  return question === undefined ? undefined : `the answer to ${question}`;
}

function firstDifference(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): string | undefined {
  return Object.keys(a).find((name) => Object.hasOwn(b, name) && a[name] !== b[name]);
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

/** The same entries in the order of their names. */
export function sortedRecord(
  entries: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names of the variables that hold tools. */
export type ToolVariable = keyof typeof toolNames;

/** An environment in which each tool is marked, to tell it from the same words of the tree. */
export function markedTools(): Readonly<Record<string, string>> {
  const marked: Record<string, string> = {};
  for (const name of Object.keys(toolNames)) marked[name] = `\uE000${name}\uE001`;
  return marked;
}

/** A text with other names in place of the marked tools. */
export function nameTools(text: string, names: Readonly<Record<string, string>>): string {
  // Characters for private use: no text of a tree holds them.
  return text.replace(/\uE000(\w+)\uE001/g, (_, name: string) => names[name] ?? name);
}
