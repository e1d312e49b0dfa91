// Answers to the questions that Kconfig asks of compiler, assembler, linker and scripts. Nothing is
// ever run: a profile is data, and every answer given is recorded with its place.
// @source scripts/Kconfig.include v6.1 and v6.12 (the shape of the questions)

/**
 * What a toolchain would say. The answer on record for the very command wins; then the first rule
 * whose text occurs in it; then `succeeds`, or nothing where text is asked for.
 */
export interface Profile {
  readonly name: string;
  /** What it stands for, in a few words. */
  readonly title: string;
  /** What commands print, as conf hands them to the shell but for the plain names of the tools. */
  readonly answers?: ReadonlyMap<string, string>;
  /** By release, e.g. `6.1`: answers in place of those, where its own scripts give others. */
  readonly exceptions?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** What the build puts into the environment with these tools, e.g. CC_VERSION_TEXT. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The ARCHes for which it was probed; absent where it fits every one. */
  readonly fits?: readonly string[];
  /** Questions that want text, by a piece of the command. */
  readonly outputs: readonly { readonly contains: string; readonly output: string }[];
  /** Questions that want yes or no and whose answer does not follow `succeeds`. */
  readonly settled: readonly { readonly contains: string; readonly succeeds: boolean }[];
  /** The answer to every other yes-or-no question. */
  readonly succeeds: boolean;
  /** Asked first, and for everything, where it is there: the shell itself, for front/. */
  readonly ask?: (command: string) => string;
}

/** The profile as it answers a tree of this version, e.g. `6.1.192`. */
export function profileOn(profile: Profile, version: string): Profile {
  const own = profile.exceptions?.get(releaseSeries(version));
  if (own === undefined) return profile;
  return { ...profile, answers: new Map([...(profile.answers ?? []), ...own]) };
}

/** `6.1` out of `6.1.192` and `6.1-rc2`; the whole text where it has another form. */
export function releaseSeries(version: string): string {
  return /^[0-9]+\.[0-9]+/.exec(version)?.[0] ?? version;
}

/** Where an answer comes from: asked of a real toolchain, a rule of the profile, its default. */
export type Basis = 'recorded' | 'rule' | 'guessed';

/** One answer that a profile gave in place of a toolchain. */
export interface Assumption {
  /** The macro call as written in the file, without the `$()`. */
  readonly macro: string;
  /** The command that conf would have handed to the shell. */
  readonly command: string;
  readonly answer: string;
  readonly basis: Basis;
  readonly file: string;
  readonly line: number;
}

/** How many questions were asked, and how many answers were on record or assumed. */
export interface QuestionCount {
  readonly asked: number;
  readonly recorded: number;
  /** By rule or by default. */
  readonly assumed: number;
}

/** Counts the questions of one port. */
export function countQuestions(assumptions: readonly Assumption[]): QuestionCount {
  const recorded = assumptions.filter(({ basis }) => basis === 'recorded').length;
  return { asked: assumptions.length, recorded, assumed: assumptions.length - recorded };
}

/** Whether a profile was probed for an ARCH, or fits every one. */
export function fitsArch({ fits }: Profile, arch: string): boolean {
  return fits === undefined || fits.includes(arch);
}

// gcc 12.2 and binutils 2.40 as their version scripts print them; no Rust, no LLVM tools.
const versions: Profile['outputs'] = [
  { contains: 'scripts/cc-version.sh', output: 'GCC 120200' },
  { contains: 'scripts/as-version.sh', output: 'GNU 24000' },
  { contains: 'scripts/ld-version.sh', output: 'BFD 24000' },
  { contains: 'scripts/gcc-version.sh', output: '120200' },
  { contains: 'scripts/clang-version.sh', output: '0' },
  { contains: 'scripts/rustc-version.sh', output: '0' },
  { contains: 'scripts/rustc-llvm-version.sh', output: '0' },
  { contains: 'scripts/pahole-version.sh', output: '124' },
  { contains: '-print-file-name=plugin', output: '/usr/lib/gcc/plugin' },
];

/** What no profile has: Rust, and tools of LLVM; what each has: the programs named. */
export const plainFacts: Profile['settled'] = [
  { contains: 'command -v ', succeeds: true },
  { contains: 'grep -qi llvm', succeeds: false },
  { contains: 'grep -qv llvm', succeeds: true },
  { contains: 'scripts/rust_is_available.sh', succeeds: false },
  { contains: '--crate-type=rlib', succeeds: false },
];

/** All that is asked of compiler, assembler and linker succeeds: gcc 12.2 and binutils 2.40. */
export const optimistic: Profile = {
  name: 'optimistic',
  title: 'gcc 12.2 and binutils 2.40 that can do all that is asked',
  outputs: [
    ...versions,
    { contains: '__LONG_DOUBLE_128__', output: '1' },
    { contains: '__XTENSA_EB__', output: '__XTENSA_EB__' },
    { contains: '__XTENSA_CALL0_ABI__', output: '1' },
  ],
  settled: plainFacts,
  succeeds: true,
};

/** A compiler is there (the same versions), but every feature asked for is refused. */
export const pessimistic: Profile = {
  name: 'pessimistic',
  title: 'gcc 12.2 and binutils 2.40 that can do nothing that is asked',
  outputs: versions,
  settled: plainFacts,
  succeeds: false,
};

const ifSuccess =
  /^\{ ([\s\S]*); \} >\/dev\/null 2>&1 && echo "([\s\S]*?)" \|\| echo "([\s\S]*?)"$/;

/** An answer and where it comes from; `computed` where the words of the command settle it. */
export interface Answer {
  readonly output: string;
  readonly basis: Basis | 'computed';
}

/** What `$(shell,command)` yields under a profile. An unknown question for text yields ''. */
export function answer(command: string, profile: Profile): Answer {
  if (profile.ask !== undefined) return { output: profile.ask(command), basis: 'recorded' };
  const recorded = profile.answers?.get(command);
  if (recorded !== undefined) return { output: recorded, basis: 'recorded' };
  const asked = ifSuccess.exec(command);
  if (asked === null) return textAnswer(command, profile);
  const [, inner = '', then = '', otherwise = ''] = asked;
  const computed = computeTest(inner);
  if (computed !== undefined) return { output: computed ? then : otherwise, basis: 'computed' };
  const settled = profile.settled.find((rule) => inner.includes(rule.contains));
  const succeeds = settled?.succeeds ?? profile.succeeds;
  const basis = settled === undefined ? 'guessed' : 'rule';
  return { output: succeeds ? then : otherwise, basis };
}

function textAnswer(command: string, profile: Profile): Answer {
  const words = /^set -- ([\w.,:+/ -]*) && echo \$([1-9])$/.exec(command);
  if (words !== null) {
    const list = (words[1] ?? '').split(/\s+/).filter((word) => word !== '');
    return { output: list[Number(words[2]) - 1] ?? '', basis: 'computed' };
  }
  // `echo -n` prints no `-n`.
  const plain = /^echo (?! *-)([\w.,: -]*)$/.exec(command);
  if (plain !== null) {
    return { output: (plain[1] ?? '').trim().replace(/ +/g, ' '), basis: 'computed' };
  }
  const rule = profile.outputs.find((entry) => command.includes(entry.contains));
  return { output: rule?.output ?? '', basis: rule === undefined ? 'guessed' : 'rule' };
}

/** What the program has printed that conf takes: so many bytes. */
export const maxShellBytes = 4095;

/**
 * What `$(shell)` makes of what a command printed: its first bytes, newlines at the end dropped and
 * each other one replaced by a space. Text after a NUL is lost.
 */
export function shellText(printed: string): string {
  const kept = printed.slice(0, maxShellBytes).replace(/\n+$/, '').replaceAll('\n', ' ');
  const nul = kept.indexOf('\0');
  return nul < 0 ? kept : kept.slice(0, nul);
}

// The forms of test(1) that the trees use on texts; undefined for every other command.
function computeTest(command: string): boolean | undefined {
  const empty = /^test -([zn]) "([^"$`]*)"$/.exec(command);
  if (empty !== null) return (empty[1] === 'z') === (empty[2] === '');
  const equal = /^test "([^"$`]*)" = (?:"([^"$`]*)"|([^"$`\s]+))$/.exec(command);
  if (equal !== null) return equal[1] === (equal[2] ?? equal[3]);
  if (command === 'true') return true;
  if (command === 'false') return false;
  return undefined;
}
