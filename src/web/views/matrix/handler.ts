// Answers the matrix view's questions about texts and cells: runs in the engine's worker, loaded
// after the first table is there.

import { stackAnswer, stackWhyAnswer } from '../../../answer/index.ts';
import { assert, formatSource, present } from '../../../base/index.ts';
import { machines } from '../../../hw/index.ts';
import type { Kernel } from '../../../kernel/index.ts';
import {
  builtFor,
  placeText,
  type StackCell,
  stackPlaces,
  type StackSystem,
} from '../../../matrix/index.ts';
import {
  outcomeSentence,
  severity,
  stackCellText,
  stackMeanings,
  stackStatements,
  stackSubject,
  stackWitnessLines,
} from '../../../report/index.ts';
import type { CellAnswer, MatrixAsks } from './asks.ts';
import { cpuCell, cpuTable, cpuText } from './cpus.ts';
import { machinesLeft, placesLeft, wordsLeft } from './filters.ts';
import { witnessOf } from './witness.ts';
import { kernelNamed, kernels, plan } from './tables.ts';
import { meaningOf } from './words.ts';

type Asked<K extends keyof MatrixAsks> = MatrixAsks[K]['ask'];
type Answered<K extends keyof MatrixAsks> = Promise<MatrixAsks[K]['answer']>;

/** The text of a table. */
export async function answerText(asked: Asked<'matrix-text'>): Answered<'matrix-text'> {
  const { filters } = asked;
  const chosen = machinesLeft(plan, filters).map((i) => present(machines[i], 'machine'));
  if (asked.kernel === undefined) return Promise.resolve({ text: cpuText(chosen, kernels) });
  const places = placesLeft(plan, filters).map((i) => present(stackPlaces[i], 'place'));
  const { text } = stackAnswer(
    { machines: chosen, kernels: [kernelNamed(asked.kernel)], places },
    { words: wordsLeft(severity, filters) },
  );
  return Promise.resolve({ text });
}

/** The table of CPUs over kernels. */
export async function answerCpus(): Answered<'matrix-cpus'> {
  return Promise.resolve(cpuTable(machines, kernels));
}

/** One cell: of a stack, or of a CPU alone. */
export async function answerCell(asked: Asked<'matrix-cell'>): Answered<'matrix-cell'> {
  const kernel = kernelNamed(asked.kernel);
  const cpu = machines.find(({ id }) => id === asked.cell);
  const found = cpu ? cpuCell(cpu, kernel) : stackCell(asked.cell, kernel);
  return Promise.resolve(found ? { found } : {});
}

/** A cell by `MACHINE/DRIVER/FS/OPTION`; undefined where there is none. */
function stackCell(name: string, kernel: Kernel): CellAnswer | undefined {
  const [, id, where] = /^(.+)\/([^/]+\/[^/]+\/[^/]+)$/.exec(name) ?? [];
  const machine = machines.find((one) => one.id === id);
  const place = stackPlaces.find((one) => placeText(one) === where);
  if (machine === undefined || place === undefined) return undefined;
  const { text, explanation } = stackWhyAnswer({ machine, kernel, place });
  const { system, cell } = explanation;
  const full = `${name}@${kernel.id}`;
  const word = stackCellText(cell);
  const scenario = cell.truth?.shortest?.scenario;
  const witness = witnessOf(stackWitnessLines(explanation), machine, scenario);
  assert(text.startsWith(full), 'the cell that was asked for');
  return {
    name: full,
    word,
    meaning: meaningOf(stackMeanings, word),
    kernel: kernel.id,
    ...threeAnswers(system, cell),
    decidedBy: cell.decidedBy,
    subject: stackSubject(explanation),
    statements: stackStatements(explanation),
    sources: machine.sources.map(formatSource),
    ...(witness ? { witness } : {}),
    text,
    command: `dachs matrix --by stack --why ${full}`,
  };
}

function threeAnswers(
  { port, kernel }: StackSystem,
  { does, truth, place }: StackCell,
): Pick<CellAnswer, 'built' | 'believed' | 'true'> {
  if (port === undefined || does.outcome.kind === 'absent') {
    return { built: 'not there', believed: 'not asked', true: 'not asked' };
  }
  const { dax, device } = builtFor(kernel, port, place);
  const built = dax ?? device;
  const { coherent } = truth ?? {};
  return {
    built: built === undefined ? 'not evaluated' : built ? 'yes' : 'no',
    believed: outcomeSentence(does.outcome, place),
    true:
      truth === undefined
        ? 'not asked: no DAX on this path'
        : coherent === undefined
          ? 'a bound was reached'
          : coherent
            ? 'coherent'
            : 'not coherent',
  };
}
