// Many systems in one Promela file. To compile a verifier takes a hundred times as long as to
// search a small model, so a file holds many systems, each as a process type whose fields are local
// variables, and the verifier is told by an environment variable which one to start.

import { promelaParts } from '../../src/export/index.ts';
import type { Expr, TransitionSystem } from '../../src/ir/index.ts';

/** A system and what is asked of its end states; `name` is for messages. */
export interface Asked {
  readonly name: string;
  readonly system: TransitionSystem;
  readonly question: Expr;
}

/** The environment variable that names the system to start, by its index in the file. */
export const chosenBy = 'DACHS_SPIN_SYSTEM';

/**
 * What SPIN counts beyond the states and transitions of a system of such a file: the state in which
 * nothing is started yet, and the transition that starts it.
 */
export const batchOffset = { states: 1, transitions: 1 };

/** The file for all of these systems. */
export function batchModel(asked: readonly Asked[]): string {
  const parts = asked.map(({ system, question }, i) =>
    promelaParts(system, question, { prefix: `system_${i}_`, steps: 'silent' }),
  );
  const macros = new Set(parts.flatMap((part) => [...part.macros.values()]));
  const types = parts.flatMap(({ variables, body }, i) => [
    `proctype system_${i}()`,
    '{',
    ...variables,
    ...body,
    '}',
  ]);
  const starts = asked.map(
    (_, i) => `:: atomic { c_expr { CHOSEN == ${i} } -> run system_${i}() }`,
  );
  return [
    'c_decl {',
    '\\#include <stdlib.h>',
    `\\#define CHOSEN atoi(getenv("${chosenBy}"))`,
    '}',
    ...macros,
    ...types,
    'init {',
    'if',
    ...starts,
    'fi',
    '}',
    '',
  ].join('\n');
}

/** Characters that a system takes in the file, about. */
export function lengthOf({ system, question }: Asked): number {
  return promelaParts(system, question, { prefix: '', steps: 'silent' }).body.join('').length;
}
