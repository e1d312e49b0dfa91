// An automaton as states and edges with their words, and the way of a finding through it. What is
// drawn, what the table says and what a screen reader hears is all made here.

import type { ShownDriver, ShownFinding } from '../../../../forms/index.ts';
import { type LearntAttach, type LearntNode, learntStepText } from '../../../../scenario/index.ts';
import { type Difference, differencesOf } from './differences.ts';
import { SIDES } from './sides.ts';
import { exitsOf, isFailure, isNode, outcomeText } from './ways.ts';
import { type Way, wayOf } from './way.ts';

/** How a state is drawn. */
export type Shape = 'call' | 'question' | 'store' | 'flag' | 'end' | 'attached' | 'cut' | 'finding';

/** One state. */
export interface State {
  readonly id: string;
  /** Id of the state that this is one drawing of: an error is returned from many places. */
  readonly copyOf?: string;
  readonly shape: Shape;
  /** What happens here: `alloc_dax()`. */
  readonly title: string;
  /** Line and object, under the title. */
  readonly detail: string;
  /** Both in full, and what differs between tree and model. */
  readonly full: string;
  readonly place?: { readonly file: string; readonly line: number };
  /** Which steps of the way it is, from 1; none where the way does not come here. */
  readonly steps: readonly number[];
}

/** One edge. */
export interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** How the state is left; empty where there is no choice. */
  readonly label: string;
  readonly isFailure: boolean;
  readonly isOnWay: boolean;
  /** What stands at it: the label, and the glyphs of the differences that hang on it. */
  readonly words: string;
}

/** A step of the way, as it is stepped through. */
export interface Stepped {
  readonly state: string;
  readonly edge?: string;
  /** The whole sentence: number, event, outcome, place, and what the finding says. */
  readonly sentence: string;
}

/** What is drawn. */
export interface Graph {
  readonly states: readonly State[];
  readonly edges: readonly Edge[];
  readonly way: readonly Stepped[];
  /** Steps of the finding that no state stands for, as sentences. */
  readonly missed: readonly string[];
  readonly differences: readonly Difference[];
}

/** All states, or those of the way and what follows each at once. */
export type Extent = 'all' | 'way';

/** The graph of an attach function, with the way of `path` of a finding where there is one. */
export function graphOf(
  driver: ShownDriver,
  extent: Extent,
  finding?: { readonly of: ShownFinding; readonly path: number },
): Graph {
  const { learnt } = driver;
  const path = finding?.of.paths[finding.path] ?? [];
  const way = path.length === 0 ? undefined : wayOf(learnt, path);
  const differences = differencesOf(driver);
  const states = learnt.nodes.map((node, i) => stateOf(node, i, { learnt, driver, way }));
  const edges = learnt.nodes.flatMap((node, i) => edgesOf(node, i, { learnt, way, differences }));
  const cuts = edges.filter(({ to }) => to.startsWith('cut')).map(({ to }) => cutState(to));
  const end = endOf(way, finding?.of);
  const whole = withCopies({
    states: [...states, ...cuts, ...end.states],
    edges: [...edges, ...end.edges],
  });
  const isPart = extent === 'way' && way !== undefined;
  return {
    ...(isPart ? aroundWay(whole) : whole),
    way: steppedOf(learnt, way, path, end.states[0]),
    missed: (way?.missed ?? []).flatMap((i) => {
      const step = path[i];
      if (step === undefined) return [];
      const at = step.place === undefined ? '' : `${step.place.file}:${step.place.line ?? '?'}: `;
      return [`${at}${step.message}`];
    }),
    differences,
  };
}

interface Context {
  readonly learnt: LearntAttach;
  readonly way: Way | undefined;
}

function stateOf(
  node: LearntNode,
  index: number,
  { learnt, driver, way }: Context & { readonly driver: ShownDriver },
): State {
  const text = learntStepText(node, learnt);
  const isTreeOnly = node.kind === 'call' && driver.calls.onlyTree.includes(node.function);
  const only = isTreeOnly ? `${SIDES.onlyTree.glyph} fails in the tree alone` : '';
  const place = 'at' in node ? node.at : undefined;
  const steps = (way?.steps ?? []).flatMap((step, i) => (step.node === index ? [i + 1] : []));
  const line = place === undefined ? '' : `line ${place.line}`;
  return {
    id: `n${index}`,
    shape: shapeOf(node),
    title: titleOf(node, text),
    detail: [line, objectOf(node, learnt), isTreeOnly ? SIDES.onlyTree.glyph : '']
      .filter((part) => part !== '')
      .join('  '),
    full: [text, only].filter((part) => part !== '').join('; '),
    ...(place === undefined ? {} : { place }),
    steps,
  };
}

function shapeOf({ kind }: LearntNode): Shape {
  if (kind === 'failed' || kind === 'detached') return 'end';
  return kind;
}

function titleOf(node: LearntNode, text: string): string {
  switch (node.kind) {
    case 'call':
      return `${node.function}()`;
    case 'store':
      return `${node.field} =`;
    case 'failed':
      return `return ${node.errno ?? 'an error'}`;
    case 'attached':
      return 'return 0: attached';
    case 'flag':
    case 'question':
    case 'detached':
      return text;
  }
}

function objectOf(node: LearntNode, { objects }: LearntAttach): string {
  if (node.kind !== 'call' && node.kind !== 'store') return '';
  const { object } = node;
  if (object === undefined) return '';
  return object === null ? 'NULL' : `${objects[object]?.protocol ?? 'object'} #${object}`;
}

function cutState(id: string): State {
  const full = 'the walk was cut off here: what follows is not checked';
  return { id, shape: 'cut', title: 'not checked', detail: 'cut off', full, steps: [] };
}

/** The exits of a node as edges; those to one node are one edge. */
function edgesOf(
  node: LearntNode,
  index: number,
  { learnt, way, differences }: Context & { readonly differences: readonly Difference[] },
): readonly Edge[] {
  const exits = exitsOf(node);
  const targets = [...new Set(exits.map(({ next }) => next))];
  return targets.map((next) => {
    const here = exits.filter((exit) => exit.next === next);
    const outcomes = here.map(({ outcome }) => outcome);
    const failing = outcomes.filter(isFailure);
    const isFailing = failing.length > 0 && failing.length === outcomes.length;
    const hang =
      node.kind === 'call' && failing.length > 0
        ? differences.filter(
            ({ after, side }) => after.at(-1) === node.function && side !== 'notComparable',
          )
        : [];
    const tags = [...new Set(hang.map(({ side }) => SIDES[side].glyph))].join('');
    const isSole = exits.length === 1 && outcomes[0] === 'ok';
    const label = isSole ? '' : outcomes.map(outcomeText).join(', ');
    return {
      id: `e${index}-${next}`,
      from: `n${index}`,
      to: isNode(learnt, next) ? `n${next}` : `cut${index}-${next}`,
      label,
      isFailure: isFailing,
      isOnWay: (way?.steps ?? []).some((step) => step.node === index && step.next === next),
      words: [label, tags === '' ? '' : `[${tags}]`].filter((part) => part !== '').join(' '),
    };
  });
}

/** The finding itself, behind the end of its way. */
function endOf(way: Way | undefined, finding: ShownFinding | undefined) {
  if (way === undefined || finding === undefined) return { states: [], edges: [] };
  const last = way.steps.at(-1);
  if (last === undefined) return { states: [], edges: [] };
  const from = last.next === undefined ? `n${last.node}` : `cut${last.node}-${last.next}`;
  const { file, line } = finding.place ?? { file: '' };
  const state: State = {
    id: 'finding',
    shape: 'finding',
    title: finding.type,
    detail: line === undefined ? '' : `found at line ${line}`,
    full: `${finding.type}: ${finding.message}`,
    ...(line === undefined ? {} : { place: { file, line } }),
    steps: [way.steps.length + 1],
  };
  const edge: Edge = {
    id: 'to-finding',
    from,
    to: 'finding',
    label: '',
    isFailure: false,
    isOnWay: true,
    words: '',
  };
  return { states: [state], edges: [edge] };
}

/**
 * An end that several states lead to stands once beside each of them, as `return -ENOMEM;` does in
 * C: long edges to one box would say no more. The way comes to its first drawing.
 */
function withCopies({ states, edges }: Parts): Parts {
  const ends = states.filter(({ shape }) => shape === 'end');
  const copies: State[] = [];
  const moved = new Map<string, string>();
  for (const end of ends) {
    const into = edges.filter(({ to }) => to === end.id);
    const first = into.find(({ isOnWay }) => isOnWay) ?? into[0];
    for (const { id } of into.filter((edge) => edge !== first)) {
      const copy = `${end.id}.${moved.size}`;
      copies.push({ ...end, id: copy, copyOf: end.id, steps: [] });
      moved.set(id, copy);
    }
  }
  return {
    states: [...states, ...copies],
    edges: edges.map((edge) => ({ ...edge, to: moved.get(edge.id) ?? edge.to })),
  };
}

type Parts = Pick<Graph, 'states' | 'edges'>;

/** States of the way, and those that an edge leads to from there. */
function aroundWay({ states, edges }: Parts): Parts {
  const on = new Set(states.filter(({ steps }) => steps.length > 0).map(({ id }) => id));
  const near = edges.filter(({ from }) => on.has(from));
  const shown = new Set([...on, ...near.map(({ to }) => to)]);
  return { states: states.filter(({ id }) => shown.has(id)), edges: near };
}

function steppedOf(
  learnt: LearntAttach,
  way: Way | undefined,
  path: ShownFinding['paths'][number],
  end: State | undefined,
): readonly Stepped[] {
  if (way === undefined) return [];
  const count = way.steps.length + (end === undefined ? 0 : 1);
  const steps = way.steps.map(({ node, outcome = '', next, told }, i): Stepped => {
    const here = learnt.nodes[node];
    if (here === undefined) return { state: `n${node}`, sentence: '' };
    const at = 'at' in here ? ` (${here.at.file}:${here.at.line})` : '';
    const how = here.kind === 'call' && outcome === 'ok' ? '' : ` ${outcomeText(outcome)}`;
    const says = told === undefined ? '' : `; the finding: ${path[told]?.message ?? ''}`;
    const event = titleOf(here, learntStepText(here, learnt));
    const object = objectOf(here, learnt);
    const of = object === '' ? '' : ` ${object}`;
    return {
      state: `n${node}`,
      ...(next === undefined ? {} : { edge: `e${node}-${next}` }),
      sentence: `Step ${i + 1} of ${count}: ${event}${of}${how.trimEnd()}${at}${says}`,
    };
  });
  if (end === undefined) return steps;
  return [...steps, { state: end.id, sentence: `Step ${count} of ${count}: ${end.full}` }];
}
