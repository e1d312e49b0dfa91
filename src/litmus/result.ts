// `Result:` lines: what a test claims, for which machines, kernels and remedies.
//
//   Result: Never
//   Result: Sometimes on vivt, vipt-aliasing not write-through under 6.12 with none
//
// Later lines override earlier ones where they apply; the first applies everywhere.

import { aliasClass, colours, type Machine, machineArches, machines } from '../hw/index.ts';
import { policies } from '../kernel/index.ts';
import type { Span } from './lex.ts';
import { nearest, suggestion } from './nearest.ts';
import type { Reporter } from './reporter.ts';

/** herd's words for how often the condition holds in the end states. */
export type ResultWord = 'Never' | 'Sometimes' | 'Always';

/** One word of a selector: a machine has the trait, or with `not`, lacks it. */
export type Selector =
  | { readonly kind: 'trait'; readonly not: boolean; readonly trait: string }
  | {
      readonly kind: 'colours';
      readonly not: boolean;
      readonly compare: '=' | '>=';
      readonly count: number;
    };

/** One claim. An empty list stands for everything. */
export interface ResultLine {
  readonly word: ResultWord;
  /** One of the lists must hold, and of it all words. */
  readonly on: readonly (readonly Selector[])[];
  /** Ids as after `--kernel`. */
  readonly under: readonly string[];
  /** Names as after `--remedy`. */
  readonly with: readonly string[];
}

/** What a test is run on, as selectors ask for it. */
export interface Traits {
  readonly words: ReadonlySet<string>;
  readonly colours: number;
}

/** Words of selectors beside ids of machines and names of architectures. */
export const traitWords: ReadonlyMap<string, string> = new Map([
  ['vivt', 'virtual index, virtual tag'],
  ['vipt-aliasing', 'virtual index, physical tag, a way larger than a page'],
  ['vipt-nonaliasing', 'virtual index, physical tag, but no two copies of a line'],
  ['pipt', 'physical index, physical tag'],
  ['uncached', 'no data cache is modelled'],
  ['aliasing', 'vivt or vipt-aliasing, and the hardware does not resolve synonyms'],
  ['coherent', 'not aliasing'],
  ['write-back', 'a store may stay in the cache'],
  ['write-through', 'a store reaches memory at once'],
  ['write-allocate', 'a store that misses brings the line in'],
  ['no-write-allocate', 'a store that misses goes to memory alone'],
  ['direct-mapped', 'one way'],
  ['set-associative', 'several ways'],
  ['hardware-synonyms', 'the hardware finds and resolves synonyms'],
  ['traps', 'virtual coherency exceptions'],
  ['icache-coherent', 'instruction fetches see stores without maintenance'],
  ['icache-aliasing', 'an instruction cache that may hold a line at two addresses of its page'],
  ['icache-vivt', 'an instruction cache with virtual index and virtual tag'],
  ['icache-set-associative', 'an instruction cache of several ways'],
  ['pmem-api', 'the port selects ARCH_HAS_PMEM_API'],
  ['flushcache', 'write() to pmem leaves no dirty line: ARCH_HAS_UACCESS_FLUSHCACHE'],
  ['flush-cache-page', "the port's flush_cache_page() acts on the data cache"],
]);

/** Names as after `--remedy`. */
export const remedyNames = [
  'none',
  'congruent',
  'congruent-all',
  'flush-literal',
  'flush-reachable',
  'flush-complete',
  'uncached-user',
  'uncached',
  'deny',
] as const;

/** Every word of a selector, but for `not` and numbers of colours. */
const selectorWords: ReadonlySet<string> = new Set([
  ...traitWords.keys(),
  ...machineArches,
  ...machines.map((machine) => machine.id),
]);

const RESULT_WORDS = ['Never', 'Sometimes', 'Always'] as const;
const KEYWORDS = ['on', 'under', 'with'] as const;

/** Releases that are recorded from trees and so stand in no list of this room. */
const RECORDED_KERNELS = ['6.1', '6.12'] as const;

/** Ids of kernels that a claim may name. */
export const resultKernels: readonly string[] = [
  ...policies.map((kernel) => kernel.id),
  ...RECORDED_KERNELS,
];

/**
 * The traits of a machine, or of any cache at one page size. Those of the I-cache, and `pmem-api`,
 * are not facts about a data cache: who knows them passes them as `more`.
 */
export function traitsOf(
  machine: Pick<Machine, 'dcache' | 'pageBytes'> & { readonly id?: string; readonly arch?: string },
  more: readonly string[] = [],
): Traits {
  const { dcache, pageBytes, id, arch } = machine;
  const words = new Set([...more, ...(id ? [id] : []), ...(arch ? [arch] : [])]);
  if (!dcache) return { words: words.add('uncached').add('coherent'), colours: 1 };
  const kind = aliasClass(dcache, pageBytes);
  const resolved = dcache.synonyms === 'hardware';
  const aliasing = (kind === 'vivt' || kind === 'vipt-aliasing') && !resolved;
  words.add(kind).add(aliasing ? 'aliasing' : 'coherent');
  words.add(dcache.write === 'back' ? 'write-back' : 'write-through');
  words.add(dcache.allocateOnWrite ? 'write-allocate' : 'no-write-allocate');
  words.add(dcache.ways === 1 ? 'direct-mapped' : 'set-associative');
  if (resolved) words.add('hardware-synonyms');
  if (dcache.synonyms === 'trap') words.add('traps');
  return { words, colours: dcache.kind === 'pipt' ? 1 : colours(dcache, pageBytes) };
}

/** What the lines claim; undefined where there are none. */
export function claimFor(
  lines: readonly ResultLine[],
  run: { readonly traits: Traits; readonly kernel?: string; readonly remedy?: string },
): ResultWord | undefined {
  return lines.findLast((line) => applies(line, run))?.word;
}

function applies(line: ResultLine, run: Parameters<typeof claimFor>[1]): boolean {
  const on = line.on.length === 0 || line.on.some((all) => all.every((s) => holds(s, run.traits)));
  const under = line.under.length === 0 || line.under.includes(run.kernel ?? '');
  const withIt = line.with.length === 0 || line.with.includes(run.remedy ?? 'none');
  return on && under && withIt;
}

function holds(selector: Selector, traits: Traits): boolean {
  if (selector.kind === 'trait') return traits.words.has(selector.trait) !== selector.not;
  const { compare, count, not } = selector;
  return (compare === '=' ? traits.colours === count : traits.colours >= count) !== not;
}

/** Reads what stands behind `Result:`; `at` is the place of its first character. */
export function parseResult(text: string, at: number, reporter: Reporter): ResultLine | undefined {
  const pieces = [...text.matchAll(/,|[^\s,]+/g)].map((match) => ({
    text: match[0],
    from: at + match.index,
    to: at + match.index + match[0].length,
  }));
  const [first, ...rest] = pieces;
  const end = { from: at + text.length, to: at + text.length };
  const word = RESULT_WORDS.find((known) => known === first?.text);
  if (!word) {
    const what = first ? `'${first.text}' is no result` : 'the result is missing';
    reporter.add(first ?? end, what, suggestion(first?.text ?? '', RESULT_WORDS, 'results'));
    return undefined;
  }
  const parts = splitParts(rest, reporter);
  if (!parts) return undefined;
  const on = parts.on.map((group) => readSelectors(group, reporter));
  return {
    word,
    on: on.filter((group) => group.length > 0),
    under: readNames(parts.under, { known: resultKernels, what: 'kernel', reporter }),
    with: readNames(parts.with, { known: remedyNames, what: 'remedy', reporter }),
  };
}

interface Piece extends Span {
  readonly text: string;
}

type Parts = Record<(typeof KEYWORDS)[number], (readonly Piece[])[]>;

function splitParts(pieces: readonly Piece[], reporter: Reporter): Parts | undefined {
  const parts: Parts = { on: [], under: [], with: [] };
  let group: Piece[] | undefined;
  let groups: (readonly Piece[])[] | undefined;
  for (const piece of pieces) {
    const keyword = KEYWORDS.find((known) => known === piece.text);
    if (keyword) {
      groups = parts[keyword];
      if (groups.length > 0) {
        reporter.add(piece, `'${keyword}' stands twice`, 'separate alternatives by commas');
        return undefined;
      }
      groups.push((group = []));
    } else if (!groups || !group) {
      const hint = nearest(piece.text, KEYWORDS)[0] ?? 'on MACHINES, under KERNELS, with REMEDIES';
      reporter.add(piece, `'${piece.text}' does not follow a result`, `write: ${hint}`);
      return undefined;
    } else if (piece.text === ',') {
      groups.push((group = []));
    } else group.push(piece);
  }
  for (const keyword of KEYWORDS) {
    if (parts[keyword].every((one) => one.length > 0)) continue;
    const last = pieces.at(-1);
    const what = `something is missing in what follows '${keyword}'`;
    if (last) reporter.add(last, what, 'words are separated by commas');
    return undefined;
  }
  return parts;
}

function readSelectors(group: readonly Piece[], reporter: Reporter): readonly Selector[] {
  const selectors: Selector[] = [];
  let not = false;
  for (const piece of group) {
    if (piece.text === 'not' && !not) {
      not = true;
      continue;
    }
    const colour = /^colours(=|>=)(\d{1,4})$/.exec(piece.text);
    if (colour) {
      const compare = colour[1] === '=' ? '=' : '>=';
      selectors.push({ kind: 'colours', not, compare, count: Number(colour[2]) });
    } else {
      checkTrait(piece, reporter);
      selectors.push({ kind: 'trait', not, trait: piece.text });
    }
    not = false;
  }
  const last = group.at(-1);
  if (not && last) reporter.add(last, "'not' needs a word behind it", 'e.g. not write-through');
  return selectors;
}

function checkTrait(piece: Piece, reporter: Reporter): void {
  if (selectorWords.has(piece.text)) return;
  const near = nearest(piece.text, [...selectorWords, 'colours=2', 'colours>=2']);
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : `words: ${[...traitWords.keys()].join(', ')}, colours>=N, architectures, machines ` +
        '(dachs list machines)';
  reporter.add(piece, `'${piece.text}' is no machine and no property of one`, hint);
}

function readNames(
  groups: readonly (readonly Piece[])[],
  options: {
    readonly known: readonly string[];
    readonly what: string;
    readonly reporter: Reporter;
  },
): readonly string[] {
  const { known, what, reporter } = options;
  for (const [first, second] of groups) {
    if (first && !known.includes(first.text)) {
      const plural = what === 'remedy' ? 'remedies' : `${what}s`;
      const hint = suggestion(first.text, known, plural);
      reporter.add(first, `'${first.text}' is no ${what}`, hint);
    }
    if (second) reporter.add(second, `a comma is missing before '${second.text}'`, 'add it');
  }
  return groups.flatMap(([first]) => (first ? [first.text] : []));
}
