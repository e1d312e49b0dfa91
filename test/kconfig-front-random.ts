// Random runs of conf: a Kconfig text that may have faults, a configuration file that may be wrong,
// and answers to questions. The same seed always makes the same run.

import type { FrontCase } from './kconfig-front.ts';
import { randomKconfig } from './kconfig-random.ts';
import type { RandomShape } from './kconfig-random.ts';

/** What is made of a seed. */
export interface RandomRun {
  /** The text is as it should be: conf has no more than warnings about it. */
  readonly isSound: boolean;
  readonly given: FrontCase;
}

const names = 'ABCDEFGHIJKLMN'.split('');
const askingModes = ['oldaskconfig', 'oldconfig', 'listnewconfig', 'helpnewconfig', 'syncconfig'];
const otherModes = [
  'olddefconfig',
  'alldefconfig',
  'allyesconfig',
  'allmodconfig',
  'allnoconfig',
  'randconfig',
  'yes2modconfig',
  'savedefconfig=out',
];

/** Makes one run; `isClassic`: of the language up to 6.10. */
export function randomRun(seed: number, isClassic: boolean): RandomRun {
  const chance = new Chance(seed * 7919 + 13);
  const isSound = chance.below(3) > 0;
  const plain = decorated(randomKconfig(seed, shapeOf(seed, isClassic)).text, chance);
  const text = isSound ? plain : damaged(plain, chance);
  const [main, part] = split(text, chance, isSound);
  const modes = chance.below(3) > 0 ? askingModes : otherModes;
  const files: Record<string, string> = { Kconfig: main };
  if (part !== undefined) files['Kconfig.part'] = part;
  if (chance.below(2) > 0) files['.config'] = config(chance);
  const environment = { KCONFIG_SEED: String(seed), KCONFIG_WARN_UNKNOWN_SYMBOLS: '1' };
  const args = [`--${chance.pick(modes)}`, 'Kconfig'];
  return { isSound, given: { args, files, input: answers(chance), environment } };
}

// Now and then symbols wait for each other, which conf tells.
function shapeOf(seed: number, isClassic: boolean): RandomShape {
  const cycles = seed % 7 === 0;
  return { comparesWithY: isClassic, texts: true, cycles, oldChoices: isClassic };
}

class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed % 0x7fffffff;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1103515245) + 12345) & 0x7fffffff;
    return (this.#state >> 8) % limit;
  }

  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    const one = list[this.below(list.length)];
    if (one === undefined) throw new Error('an empty list');
    return one;
  }
}

const helps = ['  plain help', '\t  tabs\n\t    deeper\n\n\t  again', '  x\n    y\n\n', ''];

// Help texts, comments, strings, and menuconfig in place of config.
function decorated(text: string, chance: Chance): string {
  const lines: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    const isOption = line.startsWith('\t');
    if (open !== '' && !isOption && chance.below(5) === 0) {
      lines.push('\thelp', chance.pick(helps));
    }
    if (!isOption) open = line.startsWith('config') || line === 'choice' ? line : '';
    if (line.startsWith('config ') && chance.below(8) === 0) {
      lines.push(`comment "about ${line.slice(7)}"`, `\tdepends on ${chance.pick(names)}`);
    }
    const canBeMenu = line.startsWith('config ') && !inChoice(lines) && chance.below(6) === 0;
    lines.push(canBeMenu ? `menu${line}` : line);
    if (line === '\tint "p"' && chance.below(3) === 0) lines.push('\trange 3 A');
  }
  lines.splice(-1, 0, 'config TEXT', '\tstring "a text"', '\tdefault "some \\"words\\""');
  return lines.join('\n');
}

function inChoice(lines: readonly string[]): boolean {
  return lines.lastIndexOf('choice') > lines.lastIndexOf('endchoice');
}

const faults = [
  'bool',
  'bool "again"',
  'string " spaces"',
  'tristate "again"',
  'default 5',
  'default y',
  'default "x" if A',
  'select TEXT',
  'select A if B',
  'imply N',
  'range 1 A',
  'depends on B',
  'depends on N && !C',
  'depends A',
  'help',
  '  text of a help',
  'optional',
  'modules',
  'prompt "more"',
  'visible if A',
  'nonsense',
  'nonsense here',
  'endmenu',
  'endif',
  'endchoice',
  'if A',
  'menu "new"',
  'menu " blank"',
  'choice',
  'comment "one"',
  'config A',
  'config B junk',
  'menuconfig C',
  'config',
  'mainmenu "late"',
  'X = $(Y)',
  'bool "x',
  'bool "x" ; if A',
  'source "nowhere"',
  '$(warning-if,y,careful)',
];

// Some lines deleted, doubled, or put in from the list.
function damaged(text: string, chance: Chance): string {
  const lines = text.split('\n');
  for (let count = 1 + chance.below(4); count > 0; count -= 1) {
    const place = chance.below(lines.length);
    const turn = chance.below(8);
    if (turn === 0) lines.splice(place, 1);
    else if (turn === 1) lines.splice(place, 0, lines[place] ?? '');
    else lines.splice(place, 0, chance.pick(faults));
  }
  return chance.below(20) === 0 ? lines.join('\n').trimEnd() : lines.join('\n');
}

// Part of the text in a second file.
function split(text: string, chance: Chance, isSound: boolean): readonly [string, string?] {
  if (chance.below(4) > 0) return [text];
  const lines = text.split('\n');
  const from = lines.findIndex((line, place) => place > 8 && line.startsWith('config'));
  if (from < 0 || (isSound && lines.some((line) => /^(if|menu|choice)\b/.test(line)))) {
    return [text];
  }
  const least = from + 1 + chance.below(lines.length - from);
  // Lines of an entry may stand on both sides; conf then names both files (docs/reference/conf.md).
  const to = lines.findIndex((line, place) => place >= least && /^[a-z]/.test(line));
  if (to < 0) return [text];
  const part = `${lines.slice(from, to).join('\n')}\n`;
  const rest = [...lines.slice(0, from), 'source "Kconfig.part"', ...lines.slice(to)];
  return [rest.join('\n'), part];
}

function config(chance: Chance): string {
  const lines: string[] = [];
  for (const name of [...names, 'MODULES', 'TEXT', 'NOT_THERE']) {
    const turn = chance.below(8);
    const value = chance.pick(['y', 'm', 'n', '5', '0x7', '"t"', '12', 'yes', '"open']);
    if (turn < 2) lines.push(`CONFIG_${name}=${value}`);
    else if (turn < 4) lines.push(`# CONFIG_${name} is not set`);
    else if (turn < 5) lines.push(`CONFIG_${name}=${chance.pick(['y', 'n'])}`);
    if (chance.below(25) === 0) lines.push(chance.pick(['odd', 'CONFIG_A', '# CONFIG_B', '']));
  }
  return `${lines.join('\n')}\n`;
}

const typed = 'y,n,m,,,?,1,2,3,2?,yes,no,x, Y ,0x9,7'.split(',');

function answers(chance: Chance): string {
  const lines = Array.from({ length: 400 }, () => `${chance.pick(typed)}\n`);
  return lines.join('');
}
