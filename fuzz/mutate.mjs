// Mutants of a text: what typing errors, cut files, bad encodings and malice make of it. The same
// seed gives the same mutants.

/** @typedef {() => number} Random the next number in [0, 1) */

/**
 * A small generator of numbers; equal seeds give equal sequences.
 * @param {number} seed
 * @returns {Random}
 */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What no file holds by accident. */
const hostile = [
  '('.repeat(200),
  '{'.repeat(200),
  '~'.repeat(200),
  '!'.repeat(200),
  '(*'.repeat(100),
  '*)',
  '/*',
  '//',
  '"',
  "'",
  '\0',
  '\uFEFF',
  '\r\n',
  '\r',
  '\t',
  '\u00e9',
  '\u2028',
  '\ud83d\ude00',
  '\ud800',
  '99999999999999999999',
  '0x',
  '007',
  '-',
  '-ENOMEM',
  'r0 = r0 + r0;',
  'while (1) ;',
  'if (r0) { } else',
  '/\\',
  '=>',
  'P0',
  'P7',
  'crashed=1',
  'int __proto__ = 1;',
  'constructor',
  'toString',
  'page x[16];',
  'page y { a; b[2]; };',
  'fsync(u, k);',
  'r0 = alloc_dax(pmem0);',
  ...Array.from({ length: 4 }, (_, i) => ' READ_ONCE(*k) && '.repeat(20 * (i + 1))),
];

/**
 * One mutant of `text`; `other` is what pieces are taken from.
 * @param {Random} next
 * @param {string} text
 * @param {string} other
 */
export function mutate(next, text, other) {
  const times = 1 + Math.floor(next() ** 2 * 4);
  let mutant = text;
  for (let i = 0; i < times; i++) mutant = pick(next, mutations)(next, mutant, other);
  return mutant;
}

/** @type {((next: Random, text: string, other: string) => string)[]} */
const mutations = [
  // A bit of one character flips.
  (next, text) => {
    const at = below(next, text.length);
    const flipped = String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << below(next, 8)));
    return text.slice(0, at) + flipped + text.slice(at + 1);
  },
  // A stretch is gone.
  (next, text) => {
    const [from, to] = stretch(next, text.length);
    return text.slice(0, from) + text.slice(to);
  },
  // A stretch stands twice.
  (next, text) => {
    const [from, to] = stretch(next, text.length);
    return text.slice(0, to) + text.slice(from);
  },
  // The rest is gone.
  (next, text) => text.slice(0, below(next, text.length + 1)),
  // It goes on as another file.
  (next, text, other) =>
    text.slice(0, below(next, text.length + 1)) + other.slice(below(next, other.length + 1)),
  // A piece of another file stands in it.
  (next, text, other) => {
    const [from, to] = stretch(next, other.length);
    return insert(next, text, other.slice(from, to));
  },
  (next, text) => insert(next, text, pick(next, hostile)),
  // Two tokens change places.
  (next, text) => {
    const tokens = tokensOf(text);
    const [a, b] = [below(next, tokens.length), below(next, tokens.length)];
    const [one, two] = [tokens[a] ?? '', tokens[b] ?? ''];
    return tokens.map((token, i) => (i === a ? two : i === b ? one : token)).join('');
  },
  // A token gives way to one of another file.
  (next, text, other) => {
    const tokens = tokensOf(text);
    tokens[below(next, tokens.length)] = pick(next, tokensOf(other)) ?? '';
    return tokens.join('');
  },
  // A token is gone.
  (next, text) => {
    const tokens = tokensOf(text);
    tokens.splice(below(next, tokens.length), 1);
    return tokens.join('');
  },
  // A letter of a word is wrong, missing or doubled.
  (next, text) => {
    const words = [...text.matchAll(/\w+/g)];
    const word = pick(next, words);
    if (!word) return text;
    const at = word.index + below(next, word[0].length);
    const letter = pick(next, ['', 'x', '_', `${text[at]}${text[at]}`, '9']);
    return text.slice(0, at) + letter + text.slice(at + 1);
  },
  (_, text) => text.replaceAll('\n', '\r\n'),
];

/** @param {string} text */
function tokensOf(text) {
  return text.match(/\w+|\s+|[^\w\s]/g) ?? [''];
}

/**
 * @param {Random} next
 * @param {string} text
 * @param {string} piece
 */
function insert(next, text, piece) {
  const at = below(next, text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}

/**
 * Mostly short, seldom the whole.
 * @param {Random} next
 * @param {number} length
 * @returns {[number, number]}
 */
function stretch(next, length) {
  const from = below(next, length);
  const size = 1 + Math.floor(next() ** 4 * (length - from));
  return [from, Math.min(length, from + size)];
}

/**
 * @param {Random} next
 * @param {number} limit
 */
function below(next, limit) {
  return Math.min(Math.max(0, limit - 1), Math.floor(next() * limit));
}

/**
 * @template T
 * @param {Random} next
 * @param {readonly T[]} all
 * @returns {T}
 */
function pick(next, all) {
  return /** @type {T} */ (all[below(next, all.length)]);
}
