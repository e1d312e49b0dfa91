// Walks the graph of one function along all its paths, with what is known on each, and keeps what
// they do with results of calls. Paths that agree in what is known are one; where there are too
// many, less is kept of each.

import { never } from '../../base/index.ts';
import type { Flow, FlowNode, Graph } from '../flow/flow.ts';
import { Evaluator, mostExpressions } from './eval.ts';
import { ERROR, type FunctionFacts, NULL_, VALID } from './facts.ts';
import { placeKey, rootOf } from './keys.ts';
import { type Live, liveNames } from '../flow/index.ts';
import { Record } from './record.ts';
import { ERROR_CELL, firstOwnCell, Names, NULL_CELL, State, VALID_CELL } from './state.ts';
import type { Out } from './ways.ts';

/** States of one node beyond which they are made coarser, in two degrees, and given up. */
const coarser = 40;
const coarsest = 90;
const tooMany = 160;
/** Nodes visited in one function, all states counted. */
const mostSteps = 60_000;

/** What is learnt of a function from its graph. */
export function walkFunction(flow: Flow): FunctionFacts {
  const names = new Names();
  const record = new Record(names, flow);
  const walk = new Walk(names, record);
  walk.live = liveNames(flow);
  walk.kept = flow.returnsPointer ? flow.params.flatMap((p) => p.name ?? []) : [];
  walk.run(flow, new State([], [], []), 0);
  const params = flow.params.map((p) => (p.isPointer ? 'p' : '-')).join('');
  if (walk.gaveUp || walk.evaluator.count > mostExpressions)
    return { returns: [], uses: [], params, notChecked: 'too many paths' };
  const uses = [...record.uses.values()].sort((a, b) => a.callAt - b.callAt || a.useAt - b.useAt);
  const returns = [...record.returned.values()].sort((a, b) => a.at - b.at);
  return { returns, uses, params };
}

interface Task {
  readonly node: number;
  readonly state: State;
}

/** Statement expressions deeper than this are not walked. */
const deepestBlock = 8;

class Walk {
  readonly names: Names;
  readonly record: Record;
  readonly evaluator: Evaluator;
  /** Names that matter at each node of the function itself, and parameters whose values do. */
  live: Live = [];
  kept: readonly string[] = [];
  steps = 0;
  depth = 0;
  gaveUp = false;

  constructor(names: Names, record: Record) {
    this.names = names;
    this.record = record;
    this.evaluator = new Evaluator(names, record, (graph, state) => this.runBlock(graph, state));
  }

  runBlock(graph: Graph, state: State): readonly Out[] {
    if (this.depth >= deepestBlock) return [];
    const outs = this.run(graph, state, this.depth + 1);
    const seen = new Set<number>();
    return outs.filter(({ state: s, cell }) => {
      const key = s.hash() ^ cell;
      return !seen.has(key) && seen.add(key);
    });
  }

  /** Walks a graph; gives the values of its `result` nodes. */
  run(graph: Graph, start: State, depth: number): readonly Out[] {
    const outer = this.depth;
    this.depth = depth;
    const seen = new Map<number, Set<number>>();
    const results: Out[] = [];
    const tasks: Task[] = [{ node: graph.entry, state: start }];
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      if (this.gaveUp || ++this.steps > mostSteps || this.evaluator.count > mostExpressions) {
        this.gaveUp = true;
        break;
      }
      const node = graph.nodes[task.node];
      if (node === undefined || node.kind === 'end') continue;
      if (!this.enter(seen, task)) continue;
      this.step(node, task.state, tasks, results);
    }
    this.depth = outer;
    return results;
  }

  /** Whether the state is new at the node. */
  enter(seen: Map<number, Set<number>>, { node, state }: Task): boolean {
    let states = seen.get(node);
    if (states === undefined) {
      states = new Set();
      seen.set(node, states);
    }
    if (states.size > tooMany) {
      this.gaveUp = true;
      return false;
    }
    if (this.depth === 0) this.prune(state, node);
    if (states.size > coarser) this.coarsen(state, states.size > coarsest);
    const hash = state.hash();
    if (states.has(hash)) return false;
    states.add(hash);
    return true;
  }

  /** Forgets variables that nothing names any more, and values that no variable holds. */
  prune(state: State, node: number): void {
    const live = this.live[node];
    if (live === undefined) return;
    const { names } = this;
    const isHeld = new Set<number>();
    for (const name of this.kept) isHeld.add(names.initial(names.key(name)));
    for (const [id, key] of names.keys.entries()) {
      if (this.kept.includes(/^(\w+)&/.exec(key)?.[1] ?? '')) isHeld.add(names.initial(id));
    }
    for (let key = 0; key < names.keys.length; key++) {
      const held = state.held[key] ?? 0;
      if (live.has(this.rootName(key))) isHeld.add(held === 0 ? names.initial(key) : held);
      else if (held !== 0) state.held[key] = 0;
    }
    for (let cell = firstOwnCell; cell < state.known.length; cell++) {
      if (!isHeld.has(cell)) state.forget(cell);
    }
  }

  readonly roots: string[] = [];

  rootName(key: number): string {
    const known = this.roots[key];
    if (known !== undefined) return known;
    const made = rootOf(this.names.keys[key] ?? '');
    this.roots[key] = made;
    return made;
  }

  /** Keeps what is known of results of calls; of numbers too, unless `much`. */
  coarsen(state: State, much: boolean): void {
    const { cells } = this.names;
    const isHeld = new Set(state.held);
    for (let cell = firstOwnCell; cell < state.known.length; cell++) {
      if (cells[cell]?.callee === undefined || (much && !isHeld.has(cell))) state.forget(cell);
    }
    if (!much) return;
    for (let key = 0; key < state.held.length; key++) {
      const held = state.held[key] ?? 0;
      if (held > 0 && cells[held]?.callee === undefined) this.evaluator.renew(key, state, -2);
    }
  }

  step(node: FlowNode, state: State, tasks: Task[], results: Out[]): void {
    const go = (to: number, states: readonly State[]): void => {
      for (const one of states) tasks.push({ node: to, state: one });
    };
    const { evaluator } = this;
    switch (node.kind) {
      case 'do': {
        if (node.expr.kind === 'call' && node.expr.callee === 'return_ptr') {
          this.returns(node.expr.args[0], node.at, state);
          return;
        }
        go(node.next, evaluator.effect(node.expr, state));
        return;
      }
      case 'declare':
        go(node.next, this.declare(node, state));
        return;
      case 'branch': {
        if (node.configured) {
          go(node.yes, [state.copy()]);
          go(node.no, [state]);
          return;
        }
        const { yes, no } = evaluator.branch(node.test, state);
        go(node.yes, yes);
        go(node.no, no);
        return;
      }
      case 'switch':
        this.choose(node, state, go);
        return;
      case 'iterate':
        this.iterate(node, state, go);
        return;
      case 'cleanup':
        go(node.next, [state]);
        return;
      case 'return':
        this.returns(node.value, node.at, state);
        return;
      case 'result': {
        const { value } = node;
        if (value === undefined) results.push({ state, cell: VALID_CELL });
        else results.push(...evaluator.eval(value, state));
        return;
      }
      case 'unknown':
        go(
          node.next,
          evaluator.unknownOf(node.parts, node.at, state).map((out) => out.state),
        );
        return;
      case 'end':
        return;
      default:
        never(node, 'node');
    }
  }

  returns(value: Extract<FlowNode, { kind: 'return' }>['value'], at: number, state: State): void {
    if (value === undefined) return;
    for (const out of this.evaluator.eval(value, state)) {
      this.record.returns(out.cell, at, out.state);
    }
  }

  declare(node: Extract<FlowNode, { kind: 'declare' }>, state: State): readonly State[] {
    const { evaluator, names } = this;
    const key = names.key(node.name);
    const outs =
      node.init === undefined
        ? [{ state, cell: evaluator.fresh(node.at, state, 'declared') }]
        : evaluator.eval(node.init, state);
    return outs.map(({ state: s, cell }) => {
      evaluator.change(node.name, s, node.at);
      const isKept = !node.isArray && !node.isStatic && node.init?.kind !== 'list';
      s.hold(key, isKept ? cell : evaluator.fresh(node.at, s, 'declared'));
      if (node.isArray) s.hold(key, VALID_CELL);
      return s;
    });
  }

  choose(
    node: Extract<FlowNode, { kind: 'switch' }>,
    state: State,
    go: (to: number, states: readonly State[]) => void,
  ): void {
    for (const { state: s, cell } of this.evaluator.eval(node.on, state)) {
      let others = s.copy();
      for (const one of node.cases) {
        const kinds = one.last === undefined ? this.constantKinds(one.first, s) : undefined;
        const here = s.copy();
        if (kinds === undefined || here.keep(cell, kinds, -1)) go(one.to, [here]);
        if (kinds === NULL_) {
          const rest = others.copy();
          if (rest.keep(cell, VALID | ERROR, -1)) others = rest;
        }
      }
      go(node.otherwise, [others]);
    }
  }

  constantKinds(expr: Extract<FlowNode, { kind: 'switch' }>['on'], state: State) {
    const [out] = this.evaluator.eval(expr, state.copy());
    if (out === undefined || out.cell > ERROR_CELL) return undefined;
    return out.cell === NULL_CELL ? NULL_ : out.cell === VALID_CELL ? VALID : ERROR;
  }

  iterate(
    node: Extract<FlowNode, { kind: 'iterate' }>,
    state: State,
    go: (to: number, states: readonly State[]) => void,
  ): void {
    for (const { state: s } of this.evaluator.evalAll(node.args, state)) {
      for (const arg of node.args) {
        const key = placeKey(arg);
        if (key === undefined) continue;
        this.evaluator.change(key, s, node.at);
        if (arg.kind === 'name') this.evaluator.renew(this.names.key(key), s, node.at);
      }
      go(node.body, [s.copy()]);
      go(node.done, [s]);
    }
  }
}
