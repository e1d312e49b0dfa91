// Clauses one behind the other in one block of words. A clause is: its number of literals, its glue
// (0: given; else the number of levels it joined when it was learnt), then the literals. The first
// two are watched; where the clause is a reason, the first is what it implies.

import { at } from '../base/index.ts';
import type { Literal } from './literal.ts';

/** Words before the first literal of a clause. */
export const headWords = 2;

/** All clauses of a solver; a clause is known by the offset of its first word. */
export class Arena {
  words = new Int32Array(1024);
  size = 0;

  add(literals: readonly Literal[], glue: number): number {
    const need = this.size + headWords + literals.length;
    if (need > this.words.length) {
      const words = new Int32Array(Math.max(need, this.words.length * 2));
      words.set(this.words);
      this.words = words;
    }
    const clause = this.size;
    this.words[clause] = literals.length;
    this.words[clause + 1] = glue;
    this.words.set(literals, clause + headWords);
    this.size = need;
    return clause;
  }

  glue(clause: number): number {
    return at(this.words, clause + 1);
  }

  literal(clause: number, index: number): Literal {
    return at(this.words, clause + headWords + index);
  }

  literals(clause: number): Literal[] {
    const start = clause + headWords;
    return [...this.words.subarray(start, start + at(this.words, clause))];
  }

  /**
   * Drops the clauses for which `isDropped` says so and moves the others together; gives the new
   * offset of each that stays.
   */
  compact(isDropped: (clause: number) => boolean): ReadonlyMap<number, number> {
    const moved = new Map<number, number>();
    let target = 0;
    for (let clause = 0; clause < this.size; ) {
      const length = headWords + at(this.words, clause);
      if (!isDropped(clause)) {
        this.words.copyWithin(target, clause, clause + length);
        moved.set(clause, target);
        target += length;
      }
      clause += length;
    }
    this.size = target;
    return moved;
  }
}
