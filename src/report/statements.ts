// What an explanation says, statement by statement: printed as text here, laid out by the page.

import { labelled, wrap } from './layout.ts';

/** One sentence of an explanation, without its full stop. */
export interface Statement {
  /** What it is about, in the word that stands before it: `built`, `believed`, `does`, `true`. */
  readonly topic: string;
  readonly text: string;
  /** It gives the reason of the statement before it. */
  readonly because?: true;
}

/** Columns of a topic. */
const TOPIC = 12;

/** The statements as lines; a topic is named where it begins. */
export function statementLines(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap(({ topic, text, because }, i) => {
    if (because) return wrap(text, TOPIC, TOPIC + 2);
    return labelled(statements[i - 1]?.topic === topic ? '' : topic, text);
  });
}
