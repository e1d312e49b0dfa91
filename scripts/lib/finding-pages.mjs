// The pages of docs/findings, one for each type of finding: what it means, from the program, and an
// example that fires beside a near miss that does not, from the samples that tests audit.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { walk } from './files.mjs';

/** @typedef {import('../../src/audit/index.ts').FindingTypeInfo} FindingTypeInfo */
/**
 * One sample: files that are put on a small kernel.
 * @typedef {{ type: string, kind: 'fires' | 'silent', name: string, files: string[] }} Sample
 */

/** Where the samples are, and where the pages. */
export const samplesFolder = 'test/samples/audit';
export const pagesFolder = 'docs/findings';

/** The document with a table of all types. */
export const indexPage = 'docs/reference/findings.md';

const columns = 80;

/**
 * The samples, by type and number; the paths of their files are those in the tree.
 * @param {string} root the top of the repository
 * @returns {Sample[]}
 */
export function samplesOf(root) {
  /** @type {Map<string, Sample>} */
  const samples = new Map();
  for (const found of walk(path.join(root, samplesFolder))) {
    const match = /^(\w+)\/((fires|silent)(?:-\d+)?)\/(.+)$/.exec(found);
    if (match === null) throw new Error(`${samplesFolder}/${found}: belongs to no sample`);
    const [, type = '', name = '', kind, file = ''] = match;
    const sample = samples.get(`${type}/${name}`) ?? {
      type,
      kind: kind === 'fires' ? 'fires' : 'silent',
      name,
      files: [],
    };
    sample.files.push(file);
    samples.set(`${type}/${name}`, sample);
  }
  return [...samples].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sample]) => sample);
}

/**
 * Path of every page, and its text.
 * @param {string} root
 * @param {readonly FindingTypeInfo[]} types
 * @returns {Map<string, string>}
 */
export function pagesOf(root, types) {
  const samples = samplesOf(root);
  return new Map(
    types.map((info) => {
      const own = samples.filter(({ type }) => type === info.type);
      return [`${pagesFolder}/${info.type}.md`, pageOf(root, info, own)];
    }),
  );
}

/**
 * @param {string} root
 * @param {FindingTypeInfo} info
 * @param {readonly Sample[]} samples
 */
function pageOf(root, info, samples) {
  const { type, title, level, meaning, fires, silent } = info;
  const whose =
    level === 'check'
      ? 'Its level is `check`: it is not certain that a user of the tree can meet it.'
      : `Its level is \`${level}\` where a user of the tree can meet it, else \`check\`.`;
  const of = (/** @type {Sample['kind']} */ kind) =>
    examples(
      root,
      samples.filter((sample) => sample.kind === kind),
    );
  return [
    `# ${type}`,
    wrapped(`${title}.`),
    wrapped(meaning),
    wrapped(whose),
    '## It fires',
    wrapped(`For example: ${fires}.`),
    of('fires'),
    '## It stays silent',
    wrapped(`For example: ${silent}.`),
    of('silent'),
    '[All types](../reference/findings.md)\n',
  ].join('\n\n');
}

/**
 * The first sample as it is, the others by what they say of themselves.
 * @param {string} root
 * @param {readonly Sample[]} samples
 */
function examples(root, samples) {
  const [first, ...others] = samples;
  if (first === undefined) return '(no example)';
  const shown = first.files.map((file) => {
    const text = read(root, first, file);
    const language = /\.[ch]$/.test(file) ? 'c' : 'kconfig';
    return `\`${file}\`:\n\n\`\`\`${language}\n${text}\`\`\``;
  });
  if (others.length === 0) return shown.join('\n\n');
  const more = others.map((sample) => {
    const [file = ''] = sample.files;
    const link = `../../${samplesFolder}/${sample.type}/${sample.name}/${file}`;
    return listed(`- ${opening(read(root, sample, file))}`, `([${sample.name}](${link}))`);
  });
  return [...shown, `More of the kind:\n\n${more.join('\n')}`].join('\n\n');
}

/**
 * @param {string} root
 * @param {Sample} sample
 * @param {string} file
 */
function read(root, { type, name }, file) {
  return readFileSync(path.join(root, samplesFolder, type, name, file), 'utf8');
}

/**
 * What the comment at the top of a sample says.
 * @param {string} text
 */
export function opening(text) {
  const [, c, kconfig] = /^(?:\/\* (.+?) \*\/|# (.+))\n/.exec(text) ?? [];
  return c ?? kconfig ?? '';
}

/**
 * The document with its table of types.
 * @param {string} markdown
 * @param {readonly FindingTypeInfo[]} types
 */
export function withTypes(markdown, types) {
  const rows = types.map(
    ({ type, level, title }) => `| [${type}](../findings/${type}.md) | ${level} | ${title} |\n`,
  );
  const table = `| type | level | what |\n| --- | --- | --- |\n${rows.join('')}`;
  return markdown.replace(
    /(<!-- table types -->\n).*?(<!-- end -->)/gs,
    (_, begin, end) => `${begin}\n${table}\n${end}`,
  );
}

/** @param {string} text */
function wrapped(text) {
  return linesOf(text, '').join('\n');
}

/**
 * An item of a list; a link that does not fit has a line of its own.
 * @param {string} text
 * @param {string} link
 */
function listed(text, link) {
  return [...linesOf(text, '  '), `  ${link}`].join('\n');
}

/**
 * @param {string} text
 * @param {string} indent of all lines but the first
 */
function linesOf(text, indent) {
  /** @type {string[]} */
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= columns) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `${indent}${word}`;
  }
  return [...lines, line];
}
