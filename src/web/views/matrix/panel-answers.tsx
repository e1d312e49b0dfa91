// The three answers of a cell, kept apart, each with what it rests on.

import type { Statement } from '../../../report/index.ts';
import type { CellAnswer } from './asks.ts';

/** What each answer is about, and the topics of the text that belong to it. */
const PARTS = [
  { id: 'built', title: 'Built', topics: ['built'] },
  { id: 'believed', title: 'Believed', topics: ['believed', 'does'] },
  { id: 'true', title: 'True', topics: ['true', 'assumes'] },
] as const;

/** The three answers in a few words each; the one that decided says so. */
export function Answers({ found }: { readonly found: CellAnswer }) {
  return (
    <dl class="matrix-answers">
      {PARTS.map(({ id, title }) => (
        <div key={id} class={found.decidedBy === id ? 'matrix-decides' : ''}>
          <dt>{title}</dt>
          <dd>
            {found[id]}
            {found.decidedBy === id ? <em class="matrix-decided">decides</em> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What each of the three answers rests on. */
export function Three({ found }: { readonly found: CellAnswer }) {
  return (
    <div class="matrix-three">
      {PARTS.map(({ id, title, topics }) => (
        <section key={id} class="box">
          <h3>{title}</h3>
          <Said
            statements={found.statements.filter(({ topic }) => topics.some((t) => t === topic))}
          />
        </section>
      ))}
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
