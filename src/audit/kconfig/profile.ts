// Answers to the questions that Kconfig asks of compiler, assembler, linker and scripts. Nothing is
// ever run: a profile is data, and every answer given is recorded with its place.
// @source scripts/Kconfig.include v6.1 and v6.12 (the shape of the questions)

/** What a toolchain would say. Rules are tried in order; the first whose text occurs wins. */
export interface Profile {
  readonly name: string;
  /** Questions that want text, by a piece of the command. */
  readonly outputs: readonly { readonly contains: string; readonly output: string }[];
  /** Questions that want yes or no and whose answer does not follow `succeeds`. */
  readonly settled: readonly { readonly contains: string; readonly succeeds: boolean }[];
  /** The answer to every other yes-or-no question. */
  readonly succeeds: boolean;
}

/** One answer that was assumed instead of asking a real toolchain. */
export interface Assumption {
  /** The macro call as written in the file, without the `$()`. */
  readonly macro: string;
  /** The command that conf would have handed to the shell. */
  readonly command: string;
  readonly answer: string;
  readonly file: string;
  readonly line: number;
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

const facts: Profile['settled'] = [
  { contains: 'command -v ', succeeds: true },
  { contains: 'grep -qi llvm', succeeds: false },
  { contains: 'grep -qv llvm', succeeds: true },
  { contains: 'scripts/rust_is_available.sh', succeeds: false },
  { contains: '--crate-type=rlib', succeeds: false },
];

/** All that is asked of compiler, assembler and linker succeeds: gcc 12.2 and binutils 2.40. */
export const optimistic: Profile = {
  name: 'optimistic',
  outputs: [
    ...versions,
    { contains: '__LONG_DOUBLE_128__', output: '1' },
    { contains: '__XTENSA_EB__', output: '__XTENSA_EB__' },
    { contains: '__XTENSA_CALL0_ABI__', output: '1' },
  ],
  settled: facts,
  succeeds: true,
};

/** A compiler is there (the same versions), but every feature asked for is refused. */
export const pessimistic: Profile = {
  name: 'pessimistic',
  outputs: versions,
  settled: facts,
  succeeds: false,
};

const ifSuccess =
  /^\{ ([\s\S]*); \} >\/dev\/null 2>&1 && echo "([\s\S]*?)" \|\| echo "([\s\S]*?)"$/;

/** An answer, and whether it had to be assumed (and not merely computed from the words given). */
export interface Answer {
  readonly output: string;
  readonly assumed: boolean;
}

/** What `$(shell,command)` yields under a profile. An unknown question for text yields ''. */
export function answer(command: string, profile: Profile): Answer {
  const asked = ifSuccess.exec(command);
  if (asked === null) return textAnswer(command, profile);
  const [, inner = '', then = '', otherwise = ''] = asked;
  const computed = computeTest(inner);
  if (computed !== undefined) return { output: computed ? then : otherwise, assumed: false };
  const settled = profile.settled.find((rule) => inner.includes(rule.contains));
  const succeeds = settled?.succeeds ?? profile.succeeds;
  return { output: succeeds ? then : otherwise, assumed: true };
}

function textAnswer(command: string, profile: Profile): Answer {
  const words = /^set -- (.*?) && echo \$([1-9])$/.exec(command);
  if (words !== null) {
    const list = (words[1] ?? '').split(/\s+/).filter((word) => word !== '');
    return { output: list[Number(words[2]) - 1] ?? '', assumed: false };
  }
  const plain = /^echo ([A-Za-z0-9_.,: -]*)$/.exec(command);
  if (plain !== null) {
    return { output: (plain[1] ?? '').trim().replace(/ +/g, ' '), assumed: false };
  }
  const rule = profile.outputs.find((entry) => command.includes(entry.contains));
  return { output: rule?.output ?? '', assumed: true };
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
