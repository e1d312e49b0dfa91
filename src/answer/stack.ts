// The answers of `dachs matrix --by stack`: machine x kernel x driver x file system x option.

import { at } from '../base/index.ts';
import type { Machine } from '../hw/index.ts';
import type { Kernel } from '../kernel/index.ts';
import {
  type Place,
  type StackCell,
  type StackMatrix,
  stackMatrix,
  type StackSystem,
} from '../matrix/index.ts';
import {
  type StackExplanation,
  stackRecord,
  stackSummaryText,
  stackText,
  stackWhyText,
} from '../report/index.ts';
import { cacheModelOf, scenarioByName } from '../scenario/index.ts';
import { remediesThatHelp } from '../verdict/index.ts';
import { type Answer, EXIT, type Form, written } from './answer.ts';
import type { Asking } from './explain.ts';
import { FAULTS } from './matrix.ts';

/** Kernels of the summary where none are named. */
export const SUMMARY_KERNELS = '6.1,6.12';

/** How a matrix is told. */
export interface StackStyle {
  readonly form?: Form | undefined;
  /** Only where these words stand, with their marks: `STALE*`. */
  readonly words?: ReadonlySet<string> | undefined;
  /** A text for a mail in place of the matrix: the version of Dachs that signs it. */
  readonly summary?: string | undefined;
}

/** A matrix as it is told, and what from. */
export interface StackAnswer extends Answer {
  readonly matrix: StackMatrix;
}

/** The matrix; findings (exit 1) are faults a user can reach. */
export function stackAnswer(
  asked: {
    readonly machines: readonly Machine[];
    readonly kernels: readonly Kernel[];
    readonly places: readonly Place[];
  },
  { bounds, ...style }: Asking & StackStyle = {},
): StackAnswer {
  const { machines, kernels, places } = asked;
  if (machines.length === 0 || places.length === 0) return nothing(style);
  const limits = bounds === undefined ? {} : { bounds };
  return stackAnswerOf(stackMatrix(machines, kernels, { places, ...limits }), style);
}

/** A matrix that is computed already. */
export function stackAnswerOf(
  matrix: StackMatrix,
  { form = 'text', words, summary }: StackStyle = {},
): StackAnswer {
  const text = written(form, {
    record: () => stackRecord(matrix, words),
    text: () =>
      summary === undefined
        ? stackText(matrix, words === undefined ? {} : { words })
        : stackSummaryText(matrix, { version: summary }),
  });
  return { text, exit: exitOf(matrix), matrix };
}

function nothing({ form = 'text' }: StackStyle): StackAnswer {
  const matrix = stackMatrix([], []);
  const text = written(form, {
    record: () => stackRecord(matrix),
    text: () => 'nothing to judge: no machine, or no stack, is in all the filters\n',
  });
  return { text, exit: EXIT.nothingToCheck, matrix };
}

function exitOf({ systems, classes }: StackMatrix): number {
  const reached = new Set(
    systems.filter(({ machine }) => machine.notUnderLinux === undefined).map(({ cls }) => cls),
  );
  const cells = classes.filter((cls) => reached.has(cls)).flatMap((cls) => cls.cells);
  const faults = cells.filter(({ word }) => FAULTS.has(word));
  if (faults.some(({ latent }) => latent === false)) return EXIT.findings;
  const cutOff = cells.some(({ truth }) => truth !== undefined && truth.coherent === undefined);
  return cutOff || faults.some(({ latent }) => latent === 'unknown') ? EXIT.bound : EXIT.asExpected;
}

/** One cell as it is told, and what from. */
export interface StackWhyAnswer extends Answer {
  readonly explanation: StackExplanation;
}

/** One cell by its machine, kernel and place. A question is answered, whatever the answer is. */
export function stackWhyAnswer(
  {
    machine,
    kernel,
    place,
  }: {
    readonly machine: Machine;
    readonly kernel: Kernel;
    readonly place: Place;
  },
  { bounds, form = 'text' }: Asking = {},
): StackWhyAnswer {
  const limits = bounds === undefined ? {} : { bounds };
  const matrix = stackMatrix([machine], [kernel], { places: [place], ...limits });
  const system = at(matrix.systems, 0);
  const explanation = stackExplanation(system, at(system.cls.cells, 0));
  const text = written(form, {
    record: () => stackRecord(matrix),
    text: () => stackWhyText(explanation),
  });
  return { text, exit: EXIT.asExpected, explanation };
}

/** What explains one cell of a matrix that is computed already: with the remedies that help. */
export function stackExplanation(system: StackSystem, cell: StackCell): StackExplanation {
  const program = scenarioByName(cell.truth?.shortest?.scenario ?? '');
  const prevents =
    program === undefined ? [] : remediesThatHelp(program, { model: cacheModelOf(system.machine) });
  return { system, cell, prevents };
}
