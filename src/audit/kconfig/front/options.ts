// The command line of conf.
// @source scripts/kconfig/conf.c long_opts v6.1, v6.12

import type { ChoiceRules } from '../model.ts';

/** All that conf can be asked to do, by the name of its option. */
export const inputModes = [
  'oldaskconfig',
  'oldconfig',
  'syncconfig',
  'olddefconfig',
  'defconfig',
  'savedefconfig',
  'allnoconfig',
  'allyesconfig',
  'allmodconfig',
  'alldefconfig',
  'randconfig',
  'listnewconfig',
  'helpnewconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
] as const;

/** One of them. */
export type RunMode = (typeof inputModes)[number];

/** A command line, understood. */
export interface ConfOptions {
  readonly mode: RunMode;
  readonly isSilent: boolean;
  readonly wantsHelp: boolean;
  /** The file behind --defconfig or --savedefconfig. */
  readonly file: string;
  /** The Kconfig file; undefined where none is named. */
  readonly kconfig: string | undefined;
  /** Whose rules: undefined where nothing says so. */
  readonly rules: ChoiceRules | undefined;
  /** Complaints about the command line; conf goes on behind them. */
  readonly complaints: readonly string[];
}

const withFile: ReadonlySet<string> = new Set(['defconfig', 'savedefconfig']);
const ownOptions = ['help', 'silent', 'rules'];

/** Reads the arguments; `program` is for the complaints. */
export function parseOptions(args: readonly string[], program: string): ConfOptions {
  let mode: RunMode = 'oldaskconfig';
  let isSilent = false;
  let wantsHelp = false;
  let file = '';
  let rules: ChoiceRules | undefined;
  const complaints: string[] = [];
  const names: string[] = [];
  const queue = [...args];
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (!arg.startsWith('-') || arg === '-') {
      names.push(arg);
      continue;
    }
    if (arg === '--') {
      names.push(...queue.splice(0));
      break;
    }
    if (!arg.startsWith('--')) {
      for (const letter of arg.slice(1)) {
        if (letter === 's') isSilent = true;
        else if (letter === 'h') wantsHelp = true;
        else complaints.push(`${program}: invalid option -- '${letter}'`);
      }
      continue;
    }
    const [, typed = '', given] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const name = fullName(typed);
    if (name === undefined) {
      complaints.push(`${program}: unrecognized option '${arg}'`);
      continue;
    }
    const value = withFile.has(name) || name === 'rules' ? (given ?? queue.shift()) : undefined;
    if (name === 'silent') isSilent = true;
    else if (name === 'help') wantsHelp = true;
    else if (name === 'rules') rules = rulesNamed(value ?? '') ?? rules;
    else {
      mode = inputModes.find((one) => one === name) ?? mode;
      isSilent ||= mode === 'syncconfig';
      if (withFile.has(name)) file = value ?? '';
    }
  }
  return { mode, isSilent, wantsHelp, file, kconfig: names[0], rules, complaints };
}

// Options may be shortened as long as they are told apart.
function fullName(typed: string): string | undefined {
  const all = [...inputModes, ...ownOptions];
  if (all.includes(typed)) return typed;
  const matching = all.filter((name) => name.startsWith(typed));
  return matching.length === 1 ? matching[0] : undefined;
}

/** The rules of a release such as `6.1`: choices were rewritten in 6.11. */
export function rulesNamed(release: string): ChoiceRules | undefined {
  const match = /^([0-9]+)\.([0-9]+)/.exec(release);
  if (match === null) return undefined;
  return Number(match[1]) * 1000 + Number(match[2]) >= 6011 ? 'one-of' : 'classic';
}

/** What `--help` prints. */
export function usage(program: string): string {
  return [
    `Usage: ${program} [options] KCONFIG`,
    '',
    'Behaves like the scripts/kconfig/conf of a kernel tree.',
    '',
    '  --rules RELEASE         rules of that release, e.g. 6.1 or 6.12 (default: those of the',
    '                          Makefile in $srctree; DACHS_KCONFIG_RULES; the newest)',
    '  -s, --silent            no messages',
    '  -h, --help              this text',
    '',
    ...inputModes.map((mode) => `  --${mode}${withFile.has(mode) ? ' FILE' : ''}`),
    '',
  ].join('\n');
}
