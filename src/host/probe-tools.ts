// Which tools a probe uses, and how they present themselves.

import {
  archOf,
  nameTools,
  type PortConfig,
  type ProbedTool,
  toolNames,
  type ToolVariable,
} from '../audit/index.ts';
import { fail, ok, type Problem, type Result } from '../base/index.ts';
import { askShell, type ShellPlace } from './shell-question.ts';

/** Names of the tools by variable. */
export type Tools = Readonly<Record<ToolVariable, string>>;

/** What `-dumpmachine` begins with for the folders below arch/ that have toolchains. */
const MACHINES: Readonly<Record<string, RegExp>> = {
  alpha: /^alpha/,
  arc: /^arc/,
  arm: /^arm/,
  arm64: /^aarch64/,
  csky: /^csky/,
  hexagon: /^hexagon/,
  ia64: /^ia64/,
  loongarch: /^loongarch/,
  m68k: /^m68k/,
  microblaze: /^microblaze/,
  mips: /^mips/,
  nios2: /^nios2/,
  openrisc: /^or1k/,
  parisc: /^hppa/,
  powerpc: /^(powerpc|ppc)/,
  riscv: /^riscv/,
  s390: /^s390/,
  sh: /^sh/,
  sparc: /^sparc/,
  x86: /^(x86_64|i.86)/,
  xtensa: /^xtensa/,
};

/** The tools of a prefix, with those named apart in place. */
export function toolsOf(prefix: string, named: Partial<Tools>): Tools {
  const plain = (variable: ToolVariable): string => named[variable] ?? toolNames[variable];
  const prefixed = (variable: ToolVariable): string =>
    named[variable] ?? `${prefix}${toolNames[variable]}`;
  return {
    CC: prefixed('CC'),
    LD: prefixed('LD'),
    AR: prefixed('AR'),
    NM: prefixed('NM'),
    OBJCOPY: prefixed('OBJCOPY'),
    PAHOLE: plain('PAHOLE'),
    PYTHON3: plain('PYTHON3'),
    RUSTC: plain('RUSTC'),
    BINDGEN: plain('BINDGEN'),
  };
}

/** What is there, and what the build tells Kconfig about it. */
export interface Presented {
  readonly tools: readonly ProbedTool[];
  /** CC_VERSION_TEXT and RUSTC_VERSION_TEXT. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Asks the tools for their versions. A compiler or linker that is missing, or a compiler for
 * another architecture than the port's, is a Problem.
 */
export async function presentTools(
  tools: Tools,
  port: PortConfig,
  place: ShellPlace,
): Promise<Result<Presented>> {
  const found: Found[] = [];
  for (const [variable, command] of Object.entries(tools)) {
    const version = await firstLine(`${command} --version`, place);
    if (version !== '') found.push({ variable, command, version, program: command });
    else if (variable === 'CC' || variable === 'LD') return fail(missing(variable, command));
  }
  const program = await firstLine(`${tools.CC} -print-prog-name=as`, place);
  const version = program === '' ? '' : await firstLine(`${program} --version`, place);
  const command = program.replace(/^.*\//, '');
  if (version !== '') found.push({ variable: 'AS', command, version, program });
  const target = await firstLine(`${tools.CC} $CLANG_FLAGS -dumpmachine`, place);
  const packages = await packagesOf(found, place);
  const present = found.map((one): ProbedTool => {
    const owner = packages.get(one.program);
    return {
      variable: one.variable,
      command: one.command,
      version: one.version,
      ...(one.variable !== 'CC' || target === '' ? {} : { target }),
      ...(owner === undefined ? {} : { package: owner }),
    };
  });
  const compiler = present.find(({ variable }) => variable === 'CC');
  const wrong = otherMachine(target, tools.CC, port);
  if (wrong !== undefined) return fail(wrong);
  const rust = present.find(({ variable }) => variable === 'RUSTC')?.version ?? '';
  const plain = (text: string): string => text.replaceAll('#', '');
  return ok({
    tools: present,
    texts: { CC_VERSION_TEXT: plain(compiler?.version ?? ''), RUSTC_VERSION_TEXT: plain(rust) },
  });
}

/** A tool that is there; `program` is what runs, `command` how a record calls it. */
interface Found {
  readonly variable: string;
  readonly command: string;
  readonly version: string;
  readonly program: string;
}

async function firstLine(command: string, place: ShellPlace): Promise<string> {
  const answer = await askShell(command, place);
  if (answer.kind !== 'ended' || answer.status !== 0) return '';
  return answer.printed.split('\n')[0]?.trim() ?? '';
}

// Package and version by program; empty on systems without dpkg. Programs that no package brought
// are left out.
async function packagesOf(
  found: readonly Found[],
  place: ShellPlace,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { program } of found) {
    const word = program.split(' ')[0]?.replaceAll("'", '') ?? '';
    const file = await firstLine(`readlink -f "$(command -v '${word}')"`, place);
    if (/^[\w./+-]+$/.test(file)) files.set(program, file);
  }
  const owners = new Map<string, string>();
  for (const line of await linesOf(`dpkg-query -S ${[...files.values()].join(' ')}`, place)) {
    const [, name, file] = /^([a-z0-9.+-]+)(?::\w+)?: (.+)$/.exec(line) ?? [];
    if (name !== undefined && file !== undefined) owners.set(file, name);
  }
  const versions = new Map<string, string>();
  const form = "dpkg-query -W -f '${Package} ${Version}\\n'";
  for (const line of await linesOf(`${form} ${[...owners.values()].join(' ')}`, place)) {
    versions.set(line.split(' ')[0] ?? '', line);
  }
  const packages = new Map<string, string>();
  for (const [program, file] of files) {
    const version = versions.get(owners.get(file) ?? '');
    if (version !== undefined) packages.set(program, version);
  }
  return packages;
}

async function linesOf(command: string, place: ShellPlace): Promise<readonly string[]> {
  const answer = await askShell(command, place);
  return answer.kind === 'ended' ? answer.printed.split('\n').filter((line) => line !== '') : [];
}

function missing(variable: string, command: string): Problem {
  const prefix = /^(.+)-(?:gcc|ld)$/.exec(command)?.[1];
  const packages = prefix === undefined ? 'gcc binutils' : `gcc-${prefix}`;
  return {
    what: `there is no ${variable === 'CC' ? 'compiler' : 'linker'} ${command}`,
    hint: `on Debian: apt-get install ${packages}; or name another with --cross PREFIX`,
  };
}

function otherMachine(target: string, command: string, port: PortConfig): Problem | undefined {
  const srcarch = port.srcarch === 'um' ? (port.env['HEADER_ARCH'] ?? '') : port.srcarch;
  const wanted = MACHINES[srcarch];
  if (wanted === undefined || target === '' || wanted.test(target)) return undefined;
  return {
    what: `${command} makes code for ${target}, not for ARCH=${archOf(port)}`,
    hint: 'name a cross compiler: --cross PREFIX, as in --cross arm-linux-gnueabi-',
  };
}

/** A question as the build would hand it to the shell with these tools. */
export function realCommand(marked: string, tools: Tools): string {
  return nameTools(marked, tools);
}

/** A question as a record keeps it. */
export function plainCommand(marked: string): string {
  return nameTools(marked, toolNames);
}
