// What real toolchains answered, as a record: made by a probe, kept as a file, used as a profile.

import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { toolNames } from './environment.ts';
import { plainFacts, releaseSeries } from './profile.ts';
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
  /** By release, e.g. `6.1`: what its own scripts make of the same tools where that differs. */
  readonly exceptions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The profile that a record makes. */
export function recordedProfile(record: ToolchainRecord): Profile {
  const { name, title, fits, environment, answers, otherwise, exceptions = {} } = record;
  const others = Object.entries(exceptions).map(
    ([series, own]) => [series, new Map(Object.entries(own))] as const,
  );
  return {
    name,
    title,
    fits,
    environment,
    answers: new Map(Object.entries(answers)),
    exceptions: new Map(others),
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
 * One record out of two of the same tools, e.g. of two trees or two ports. Where scripts of the
 * trees differ, those of the first record have the say, and the second's answers are exceptions of
 * its releases. Tools, environments or other answers that differ are a Problem.
 */
export function mergeRecords(a: ToolchainRecord, b: ToolchainRecord): Result<ToolchainRecord> {
  const differing = Object.keys(b.answers).filter((command) =>
    differs(a.answers, b.answers, command),
  );
  const why = conflictOf(a, b, differing);
  if (why !== undefined) {
    return fail({
      what: `the records ${a.name} and ${b.name} differ: ${why}`,
      hint: 'keep them as two profiles',
    });
  }
  const exceptions: Record<string, Readonly<Record<string, string>>> = { ...a.exceptions };
  for (const series of seriesOf(b)) {
    const own = differing.map((command) => [command, b.answers[command] ?? ''] as const);
    const all = { ...exceptions[series], ...b.exceptions?.[series], ...Object.fromEntries(own) };
    if (Object.keys(all).length > 0) exceptions[series] = sortedRecord(all);
  }
  return ok({
    ...a,
    fits: sorted([...a.fits, ...b.fits]),
    releases: sorted([...a.releases, ...b.releases]),
    answers: sortedRecord({ ...b.answers, ...a.answers }),
    ...(Object.keys(exceptions).length === 0 ? {} : { exceptions }),
  });
}

function conflictOf(
  a: ToolchainRecord,
  b: ToolchainRecord,
  differing: readonly string[],
): string | undefined {
  if (JSON.stringify(a.tools) !== JSON.stringify(b.tools)) return 'the tools';
  const names = Object.keys(b.environment);
  const name = names.find((one) => differs(a.environment, b.environment, one));
  if (name !== undefined) return `${name} in the environment`;
  const sameTree = seriesOf(a).some((series) => seriesOf(b).includes(series));
  const fixed = differing.find((command) => sameTree || !command.includes('./'));
  return fixed === undefined ? undefined : `the answer to ${fixed}`;
}

function differs(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
  name: string,
): boolean {
  return Object.hasOwn(a, name) && a[name] !== b[name];
}

function seriesOf({ releases }: ToolchainRecord): readonly string[] {
  return releases.map(releaseSeries);
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
