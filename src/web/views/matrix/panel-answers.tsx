// The three answers of a cell, kept apart, each with what it rests on.

import type { Statement } from '../../../report/index.ts';
import type { CellAnswer } from './asks.ts';

/** What each answer is about, and the topics of the text that belong to it. */
const PARTS = [
  { id: 'built', title: 'Built', topics: ['built'] },
  { id: 'believed', title: 'Believed', topics: ['believed', 'does'] },
  { id: 'true', title: 'True', topics: ['true', 'assumes'] },
] as const;

/** Built, believed, true; the one that decided says so. */
export function Three({ found }: { readonly found: CellAnswer }) {
  return (
    <div class="matrix-three">
      {PARTS.map(({ id, title, topics }) => {
        const own = found.statements.filter(({ topic }) => topics.some((one) => one === topic));
        const decides = found.decidedBy === id;
        return (
          <section key={id} class={decides ? 'box matrix-decides' : 'box'}>
            <h3>
              {title}: {found[id]}
              {decides ? <span class="matrix-decided"> (decides)</span> : null}
            </h3>
            <Said statements={own} />
          </section>
        );
      })}
    </div>
  );
}

/** Statements in order; reasons stand below what they explain. */
function Said({ statements }: { readonly statements: readonly Statement[] }) {
  return (
    <ul class="matrix-said">
      {statements.map(({ text, because }, i) => (
        <li key={i} class={because === true ? 'matrix-because' : ''}>
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Statements by topic. */
export function Statements({ statements }: { readonly statements: readonly Statement[] }) {
  const topics = [...new Set(statements.map(({ topic }) => topic))];
  return (
    <dl class="matrix-statements">
      {topics.map((topic) => (
        <div key={topic}>
          <dt>{topic}</dt>
          <dd>
            <Said statements={statements.filter((one) => one.topic === topic)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
