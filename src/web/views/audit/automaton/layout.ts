// Where states and edges stand: layers from top to bottom, by dagre. The same graph has the same
// places on every machine: widths are counted in letters, not measured.

import { Graph as Layered, layout } from '@dagrejs/dagre';
import type { Edge, Graph, State } from './graph.ts';

/** A point, in pixels of the drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A state with its box: its middle, and how large it is. */
export interface PlacedState extends State, Point {
  readonly width: number;
  readonly height: number;
  /** The title as it fits in the box. */
  readonly short: string;
}

/** An edge with the points it goes through, and where its words stand. */
export interface PlacedEdge extends Edge {
  readonly points: readonly Point[];
  /** The middle of its words, and their width. */
  readonly at: Point & { readonly width: number };
}

/** A graph that can be drawn. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly states: readonly PlacedState[];
  readonly edges: readonly PlacedEdge[];
}

/** With more states no drawing is made: nobody could read it, and the layout takes too long. */
export const MOST_STATES = 400;

/** Width of a letter of 12 px in a monospaced face, the widest that is common. */
const LETTER = 7.25;
/** The same of the 11 px of words at edges and details. */
const SMALL = 6.65;
const MOST_LETTERS = 34;

/** Places a graph; undefined where it is too large to be drawn. */
export function drawingOf({ states, edges }: Graph): Drawing | undefined {
  if (states.length > MOST_STATES) return undefined;
  const graph = new Layered({ multigraph: true });
  graph.setGraph({
    rankdir: 'TB',
    nodesep: 26,
    edgesep: 16,
    ranksep: 22,
    marginx: 16,
    marginy: 14,
  });
  const sizes = new Map(states.map((state) => [state.id, sizeOf(state)]));
  for (const { id } of states) graph.setNode(id, sizes.get(id) ?? { width: 0, height: 0 });
  for (const edge of edges) {
    const text = edge.words;
    const width = text === '' ? 0 : Math.ceil(text.length * SMALL) + 8;
    graph.setEdge(
      edge.from,
      edge.to,
      { width, height: text === '' ? 0 : 16, labelpos: 'c', weight: weightOf(edge) },
      edge.id,
    );
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    states: states.map((state) => {
      const { x, y } = graph.node(state.id);
      const size = sizes.get(state.id) ?? sizeOf(state);
      return { ...state, ...size, x: round(x), y: round(y), short: shortOf(state.title) };
    }),
    edges: edges.map((edge) => {
      const { points, x, y, width: wide } = graph.edge(edge.from, edge.to, edge.id);
      const at = { x: round(x ?? 0), y: round(y ?? 0) };
      return {
        ...edge,
        points: points.map((one) => ({ x: round(one.x), y: round(one.y) })),
        at: { ...at, width: wide },
      };
    }),
  };
}

function sizeOf({ title, detail, shape }: State) {
  const letters = Math.max(shortOf(title).length * LETTER, detail.length * SMALL);
  const room = shape === 'question' ? 40 : 26;
  return { width: Math.ceil(letters) + room, height: detail === '' ? 28 : 38 };
}

function shortOf(title: string): string {
  return title.length <= MOST_LETTERS ? title : `${title.slice(0, MOST_LETTERS - 3)}...`;
}

// What succeeds goes straight down; what fails gives way.
function weightOf({ isFailure, label }: Edge): number {
  if (isFailure) return 1;
  return label === 'no' ? 3 : 8;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
