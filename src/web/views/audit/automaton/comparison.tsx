// Tree and model side by side: what both find wrong, what one of them finds alone, and what is not
// compared.

import type { ShownDriver } from '../../../../forms/index.ts';
import type { Difference } from './differences.ts';
import { SIDES } from './sides.ts';

/** What is compared, and what came of it. */
export interface ComparisonProps {
  readonly driver: ShownDriver;
  readonly differences: readonly Difference[];
  /** What the tree is compared with, as a sentence. */
  readonly model: string;
}

/** The comparison of one attach function with our own model of its driver. */
export function Comparison({ driver, differences: all, model }: ComparisonProps) {
  const { calls, systems, learnt } = driver;
  const open = [...new Set([...learnt.notChecked, ...systems.flatMap((one) => one.notChecked)])];
  const differs = all.some(({ side }) => side === 'onlyTree' || side === 'onlyModel');
  const word = differs ? 'they differ' : 'they agree';
  return (
    <details class="audit-differences" open={differs}>
      <summary>
        Explored, tree beside model: {word}
        {open.length === 0 ? '' : ', but some paths of the tree were not walked to their end'}
      </summary>
      <p>{model}</p>
      <ul>
        {systems.map(({ title, ways }) => (
          <li key={title}>
            {title}: {ways.tree} ways of the tree, {ways.model} of the model
          </li>
        ))}
      </ul>
      {all.length === 0 ? (
        <p>Neither finds anything wrong.</p>
      ) : (
        <Items differences={all} count={systems.length} />
      )}
      <Calls names={calls.onlyTree} says={`${SIDES.onlyTree.glyph} fails in the tree alone`} />
      <Calls names={calls.onlyModel} says={`${SIDES.onlyModel.glyph} fails in the model alone`} />
      {open.map((one) => (
        <p key={one}>not checked: {one}</p>
      ))}
    </details>
  );
}

function Calls({ names, says }: { readonly names: readonly string[]; readonly says: string }) {
  if (names.length === 0) return null;
  return (
    <p>
      {says}: <code>{names.map((name) => `${name}()`).join(', ')}</code>
    </p>
  );
}

function Items({ differences, count }: Pick<ComparisonProps, 'differences'> & { count: number }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="What tree and model find, table">
      <table>
        <caption class="visually-hidden">What tree and model find wrong</caption>
        <thead>
          <tr>
            <th scope="col">Found by</th>
            <th scope="col">What</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ side, text, on }) => (
            <tr key={`${side} ${text}`}>
              <td class="audit-side">
                <code>[{SIDES[side].glyph}]</code> {SIDES[side].word}
              </td>
              <td>{text}</td>
              <td>{on.length === count ? 'everywhere' : on.join('; ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
