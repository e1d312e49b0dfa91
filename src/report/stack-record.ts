// The matrix of stacks as JSON. Cells of equal verdict, behaviour and truth are one record, which
// the classes name by index; so the whole matrix is a few megabytes.

import type { Behaviour, PathTruth, StackCell, StackMatrix } from '../matrix/index.ts';
import { placeText } from '../matrix/index.ts';
import { form } from './records.ts';
import { type CellText, stackCellText } from './stack-words.ts';

/** The record; with `words`, cells that have none of these are null. */
export function stackRecord(matrix: StackMatrix, words?: ReadonlySet<CellText>) {
  const truths = new Index<PathTruth>();
  const behaviours = new Index<string>();
  const cells = new Index<string>();
  const cellOf = (cell: StackCell): number | null => {
    if (words !== undefined && !words.has(stackCellText(cell))) return null;
    const { word, asIfBuilt, latent, decidedBy, does, unrefused, truth } = cell;
    const behaviour = behaviours.of(JSON.stringify(behaviourRecord(does)));
    const path = truth === undefined ? null : truths.of(truth);
    const would = unrefused.kind;
    return cells.of(
      JSON.stringify({
        word,
        asIfBuilt,
        latent,
        decidedBy,
        behaviour,
        unrefused: would,
        truth: path,
      }),
    );
  };
  const classes = matrix.classes.map(({ id, kernel, cells: own, model }) => ({
    id,
    kernel,
    ranAs: model?.id ?? null,
    cells: own.map(cellOf),
  }));
  return form('stack-matrix', {
    effort: matrix.effort,
    kernels: matrix.kernels.map(({ id, title }) => ({ id, title })),
    places: matrix.places.map((place) => ({
      id: placeText(place),
      driver: place.driver.id,
      fs: place.fs,
      option: place.option,
    })),
    systems: matrix.systems.map(({ machine, kernel, port, cls }) => ({
      machine: machine.id,
      kernel: kernel.id,
      port: port?.id ?? null,
      class: cls.id,
    })),
    classes,
    cells: cells.values.map(parsed),
    behaviours: behaviours.values.map(parsed),
    truths: truths.values.map(truthRecord),
  });
}

function parsed(text: string): unknown {
  return JSON.parse(text);
}

/** Values by first appearance. */
class Index<T> {
  readonly values: T[] = [];
  readonly #known = new Map<T, number>();
  of(value: T): number {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    this.#known.set(value, this.values.length);
    return this.values.push(value) - 1;
  }
}

function behaviourRecord({ outcome, messages, shown, flags }: Behaviour) {
  return { outcome, messages, shown: shown ?? null, flags: flags ?? null };
}

function truthRecord({ path, coherent, stale, shortest, losesAtCrash, crashNote }: PathTruth) {
  return {
    path,
    coherent: coherent ?? null,
    stale,
    losesAtCrash: losesAtCrash ?? null,
    crashNote,
    witness: shortest?.witness ?? null,
  };
}
