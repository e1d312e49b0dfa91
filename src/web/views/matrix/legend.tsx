// What the words and marks of a table mean.

import type { Plan } from './asks.ts';
import { bare } from './filters.ts';
import { CHANGED } from './grid.tsx';
import { glyphOf, isMarked, toneOf } from './words.ts';

/** Words that are there, each with its meaning, then the marks. */
export function Legend({
  plan,
  words,
  by,
}: {
  readonly plan: Plan;
  readonly words: ReadonlySet<string>;
  readonly by: 'stack' | 'cpu';
}) {
  const there = new Set(
    [...words].map((word) => (isMarked(word) ? bare(word).replace(/\?$/, '') : word)),
  );
  const marks: readonly (readonly [string, string])[] = [
    ['*', 'latent: nobody can meet it, because it cannot be built'],
    by === 'stack'
      ? ['~', 'whether it can be built was not evaluated']
      : ['~', 'of the cache: rests on an assumption; after a word ?: not evaluated'],
    ['#', 'Linux never runs the CPU this way: not counted'],
  ];
  return (
    <section aria-labelledby="matrix-legend" class="matrix-legend">
      <h2 id="matrix-legend">What the words mean</h2>
      <dl>
        {plan.meanings
          .filter(({ word }) => there.has(word))
          .map(({ word, meaning }) => (
            <div key={word}>
              <dt class={`matrix-${toneOf(word)}`}>
                <span aria-hidden="true">{glyphOf(word)}</span> {word}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        {marks.map(([mark, meaning]) => (
          <div key={mark}>
            <dt>{mark}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
        <div>
          <dt class="matrix-underlined">word</dt>
          <dd>underlined: the worst of CPUs that differ; open the row to see each</dd>
        </div>
        <div>
          <dt>{CHANGED}</dt>
          <dd>another word under the kernel before</dd>
        </div>
      </dl>
    </section>
  );
}
