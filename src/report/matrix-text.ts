// The matrix as text: machines by architecture, one column a kernel, or for a single kernel the
// three answers side by side.

import { never } from '../base/index.ts';
import type { Cell, Matrix, Row } from '../matrix/index.ts';
import { tally } from '../matrix/index.ts';
import { wordMeanings } from '../verdict/index.ts';
import { bytesText, wrap } from './layout.ts';
import { cacheText } from './machine-text.ts';
import { tableLines } from './table.ts';

/** Text of a matrix; with one kernel the three answers are columns of their own. */
export function matrixText(matrix: Matrix): string {
  const single = matrix.kernels.length === 1;
  const body = single ? threeAnswers(matrix) : blocksOf(matrix).flatMap(sideBySide);
  return `${[...body, '', ...legend(matrix, single), '', STACKS].join('\n')}\n`;
}

/** Where the rest of a system is asked about. */
const STACKS = 'Drivers, file systems, options of mount: dachs matrix --by stack';

/** Kernels that fit side by side beside the cache column, and without it. */
const WITH_CACHE = 2;
const PER_BLOCK = 4;

/** Parts of a matrix with as many kernels as fit into 72 columns, each with all machines. */
function blocksOf(matrix: Matrix): readonly Matrix[] {
  const blocks: Matrix[] = [];
  for (let start = 0; start < matrix.kernels.length; start += PER_BLOCK) {
    const end = start + PER_BLOCK;
    blocks.push({
      kernels: matrix.kernels.slice(start, end),
      rows: matrix.rows.map((row) => ({ ...row, cells: row.cells.slice(start, end) })),
    });
  }
  return blocks;
}

/** The word of a cell, with `*` where nobody can meet it, `?` where nobody knows who can. */
export function cellText({ verdict }: Cell): string {
  return `${verdict.word}${mark(verdict.latent)}`;
}

// Rows that no tally counts say so in their hardware column.
const NOT_UNDER_LINUX = '#';

/** The policy judged by itself, with `*` where FS_DAX (for FAIL: the driver) cannot be built. */
function policyText({ verdict, belief }: Cell): string {
  if (!belief || verdict.asIfBuilt === '?') return verdict.asIfBuilt;
  if (verdict.latent !== false) return `${verdict.asIfBuilt}${mark(verdict.latent)}`;
  const { value } = belief.buildable;
  const cannot = (value === 'n' || value === 'undefined') && verdict.word !== 'FAIL';
  return `${verdict.asIfBuilt}${cannot ? '*' : ''}`;
}

function mark(latent: Cell['verdict']['latent']): string {
  if (latent === 'unknown') return '?';
  return latent ? '*' : '';
}

function sideBySide(matrix: Matrix): readonly string[] {
  const fits = matrix.kernels.length <= WITH_CACHE;
  const columns = [
    { head: 'CPU' },
    { head: 'page', align: 'right' as const },
    ...(fits ? [{ head: 'L1 data cache' }] : []),
    { head: 'hw' },
    ...matrix.kernels.map((k) => ({ head: k.id })),
  ];
  return byArchitecture(matrix, columns, (row) => [
    row.machine.name,
    bytesText(row.machine.pageBytes),
    ...(fits ? [cacheText(row.machine.dcache)] : []),
    hardwareText(row),
    ...row.cells.map(cellText),
  ]);
}

function threeAnswers(matrix: Matrix): readonly string[] {
  const columns = ['CPU', 'built', 'alias', 'alloc', 'dev', 'fs', 'hw', 'word'];
  return byArchitecture(
    matrix,
    columns.map((head) => ({ head })),
    (row) => {
      const [cell] = row.cells;
      const belief = cell?.belief;
      return [
        row.machine.name,
        belief ? builtText(belief.buildable.value) : '-',
        belief ? predicateText(belief.predicate) : '-',
        belief ? allocText(belief.allocDax) : '-',
        belief ? allocText(belief.deviceDax) : '-',
        belief ? offerText(belief.fsdax) : '-',
        hardwareText(row),
        cell ? policyText(cell) : '-',
      ];
    },
  );
}

type BeliefOfCell = NonNullable<Cell['belief']>;

function predicateText(predicate: BeliefOfCell['predicate']): string {
  if (predicate.kind === 'known') return String(predicate.value);
  return predicate.kind === 'absent' ? 'none' : '?';
}

function allocText(answer: BeliefOfCell['allocDax']): string {
  switch (answer.kind) {
    case 'dax_device':
      return 'ok';
    case 'ERR_PTR':
      return 'no';
    case 'NULL':
      return 'NULL';
    case 'not-checked':
      return '?';
    default:
      return never(answer);
  }
}

function offerText(offer: BeliefOfCell['fsdax']): string {
  switch (offer.kind) {
    case 'offered':
      return 'yes';
    case 'refused':
      return 'no';
    case 'breaks':
      return 'breaks';
    case 'not-checked':
      return '?';
    default:
      return never(offer);
  }
}

function builtText(value: BeliefOfCell['buildable']['value']): string {
  if (value === 'unknown') return '?';
  return value === 'y' ? 'y' : 'n';
}

/** `aliases~`: what the search found of a machine's cache, with the marks of the table. */
export function hardwareText({ truth, machine }: Row): string {
  if (truth.coherent === undefined) return '?';
  const word = truth.coherent ? 'safe' : truth.losesStores ? 'aliases' : 'stale';
  const assumed = machine.assumes === undefined ? '' : '~';
  return `${word}${assumed}${machine.notUnderLinux === undefined ? '' : NOT_UNDER_LINUX}`;
}

function byArchitecture(
  matrix: Matrix,
  columns: readonly { head: string; align?: 'left' | 'right' }[],
  cells: (row: Row) => readonly string[],
): readonly string[] {
  const [head = '', ...lines] = tableLines(columns, matrix.rows.map(cells));
  const text: string[] = [`  ${head}`];
  let arch = '';
  matrix.rows.forEach((row, i) => {
    if (row.machine.arch !== arch) {
      arch = row.machine.arch;
      text.push(arch);
    }
    text.push(`  ${lines[i] ?? ''}`);
  });
  return text;
}

function legend(matrix: Matrix, single: boolean): readonly string[] {
  const used = new Set(
    matrix.rows.flatMap((r) => r.cells.map((c) => (single ? c.verdict.asIfBuilt : c.verdict.word))),
  );
  const words = wordMeanings.filter(({ word }) => used.has(word));
  return [
    ...words.map(({ word, meaning }) => `  ${word.padEnd(8)}${meaning}`),
    '  *       nobody can meet it: FS_DAX (FAIL: the driver) cannot be built',
    ...(single
      ? [
          '  built   FS_DAX, apart from a refusal by name; alias the predicate;',
          '          alloc alloc_dax(ops); dev device-dax; fs fsdax offered',
        ]
      : []),
    '  hw      found by exploration: safe; stale: old bytes can be read;',
    '          aliases: stores can be lost as well; ~ rests on an assumption;',
    '          # Linux never runs the CPU this way: not counted below',
    '',
    ...matrix.kernels.flatMap((k) =>
      wrap(`${k.id}: ${k.title}. ${tallyText(matrix, k.id, single)}`, 0, 2),
    ),
  ];
}

function tallyText(matrix: Matrix, kernel: string, single: boolean): string {
  const counts = tally(matrix, kernel, single ? policyText : cellText);
  const order = wordMeanings.flatMap(({ word }) => [word, `${word}*`, `${word}?`]);
  const texts = order
    .filter((word) => counts.has(word))
    .map((word) => `${counts.get(word)} ${/^[.?-]/.test(word) ? `"${word}"` : word}`);
  return `Cells: ${texts.join(', ')}.`;
}
