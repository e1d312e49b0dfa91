// The automaton and the marked path as tables: the same states and edges as in the drawing.

import type { ShownDriver } from '../../../../forms/index.ts';
import type { Edge, Graph, State } from './graph.ts';

/** Every state with where it leads. */
export function AutomatonTable({ graph, driver }: { graph: Graph; driver: ShownDriver }) {
  const { states, edges } = graph;
  const out = new Map<string, Edge[]>();
  for (const edge of edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  return (
    <table class="audit-automaton-table">
      <caption class="visually-hidden">
        States of {driver.learnt.function}() and their edges
      </caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Event</th>
          <th scope="col">Place</th>
          <th scope="col">Leads to</th>
          <th scope="col">Path</th>
        </tr>
      </thead>
      <tbody>
        {states.filter(isFirst).map(({ id, full, place, steps }) => (
          <tr key={id}>
            <th scope="row">{nameOf(id)}</th>
            <td class="mono">{full}</td>
            <td class="mono">{place === undefined ? '' : `${place.file}:${place.line}`}</td>
            <td>{(out.get(id) ?? []).map(exitText).join('; ')}</td>
            <td>{steps.length === 0 ? '' : `step ${steps.join(', ')}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isFirst({ copyOf }: State): boolean {
  return copyOf === undefined;
}

function exitText(edge: Edge): string {
  const how = edge.words === '' ? '' : `${edge.words} \u2192 `;
  return `${how}${nameOf(edge.to)}${edge.isOnWay ? ' (path)' : ''}`;
}

/** `n12` is state 12; what is cut off and the finding have no number. */
function nameOf(id: string): string {
  if (id === 'finding') return 'finding';
  return id.startsWith('cut') ? 'not checked' : id.slice(1).replace(/\..*$/, '');
}

interface WayProps {
  readonly graph: Graph;
  readonly step: number;
  readonly goTo: (step: number) => void;
}

/** The steps of the marked path, and what of the finding no state stands for. */
export function WayTable({ graph, step, goTo }: WayProps) {
  const { way, missed } = graph;
  if (way.length === 0) return null;
  return (
    <details class="audit-way">
      <summary>The path, step by step</summary>
      <ol>
        {way.map(({ sentence }, i) => (
          <li key={i} {...(i + 1 === step ? { 'aria-current': 'step' } : {})}>
            <button type="button" class="audit-link" onClick={() => goTo(i + 1)}>
              {sentence.replace(/^Step \d+ of \d+: /, '')}
            </button>
          </li>
        ))}
      </ol>
      {missed.length === 0 ? null : (
        <>
          <p>Steps of the finding that no state stands for:</p>
          <ul class="mono">
            {missed.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}
