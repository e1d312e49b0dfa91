// Tables of docs/reference/litmus.md that are made of the tables of the program, so that the two
// never differ: between `<!-- table NAME -->` and `<!-- end -->`.

/** @typedef {typeof import('../../src/litmus/index.ts')} Litmus */

/** The document that has such tables. */
export const referencePage = 'docs/reference/litmus.md';

/**
 * The document with its tables as they should be.
 * @param {string} markdown
 * @param {Litmus} litmus
 */
export function withTables(markdown, litmus) {
  return markdown.replace(
    /(<!-- table (\w+) -->\n).*?(<!-- end -->)/gs,
    (_, begin, name, end) => `${begin}\n${tableOf(name, litmus)}\n${end}`,
  );
}

/**
 * @param {string} name
 * @param {Litmus} litmus
 */
function tableOf(name, litmus) {
  switch (name) {
    case 'primitives':
      return primitiveTables(litmus);
    case 'selectors':
      return table(['word', 'a machine of which'], rows(litmus.traitWords));
    case 'keys':
      return table(['key', 'is'], rows(litmus.keyNames));
    default:
      throw new Error(`${referencePage}: there is no table ${name}`);
  }
}

/** @param {Litmus} litmus */
function primitiveTables({ primitives, stackPrimitives, signature }) {
  const all = [...primitives, ...stackPrimitives];
  const groups = [...new Set(all.map((primitive) => primitive.group))];
  const parts = groups.map((group) => {
    const lines = all
      .filter((primitive) => primitive.group === group)
      .map((one) => [`\`${one.gives ? 'r0 = ' : ''}${signature(one)}\``, one.help, one.model]);
    const heading = `### ${group[0]?.toUpperCase()}${group.slice(1)}`;
    return `${heading}\n\n${table(['call', 'does', 'the model'], lines)}`;
  });
  return parts.join('\n');
}

/** @param {ReadonlyMap<string, string>} map */
function rows(map) {
  return [...map].map(([word, meaning]) => [`\`${word}\``, meaning]);
}

/**
 * @param {readonly string[]} heads
 * @param {readonly (readonly string[])[]} lines
 */
function table(heads, lines) {
  const all = [heads, heads.map(() => '---'), ...lines];
  return all.map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('');
}

/** @param {string} cell */
function escaped(cell) {
  return cell.startsWith('`') ? cell : cell.replace(/[|*]/g, '\\$&');
}
