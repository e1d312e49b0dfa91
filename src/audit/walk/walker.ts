// Explores the paths of a function: from node to node, forking where a condition is open, merging
// where two paths have become alike. Breadth first, so that what is found first is found shortest.

import {
  type DeclareNode,
  type Expr,
  expressionsOf,
  type Flow,
  type FlowNode,
  type Graph,
  type IterateNode,
  liveNames,
  type ReturnNode,
  type SwitchNode,
  type Unit,
  visit,
  waysOn,
} from '../flow/index.ts';
import { splitBy, splitCase } from './condition.ts';
import type {
  Branches,
  Frame,
  Origin,
  Outcome,
  Problem,
  Site,
  Walk,
  WalkOptions,
} from './context.ts';
import { evaluateExpr, initialise } from './evaluate.ts';
import { textOf } from './text.ts';
import { locate, type Located, read, write } from './locate.ts';
import { forgetSpent } from './spent.ts';
import { State, type Trace } from './state.ts';
import { NOTHING, type Value } from './value.ts';

/** Where two paths became one: the first goes on as the second. */
export interface Merge {
  readonly from: Trace;
  readonly into: Trace;
}

/** A walk of one function. */
export class Walker implements Walk {
  readonly options: WalkOptions;
  readonly sites: Site[] = [];
  readonly origins = new Map<number, Origin>();
  readonly exempt = new Map<number, string>();
  readonly problems: Problem[] = [];
  readonly merges: Merge[] = [];
  /** Why paths were left out; empty where all were walked. */
  readonly notChecked = new Set<string>();
  steps = 0;
  #symbols = 0;
  #frames = 0;
  readonly #seen = new Set<string>();

  constructor(options: WalkOptions) {
    this.options = options;
  }

  /** Every end of a function that is called with arguments of which nothing is known. */
  run(flow: Flow, unit: Unit): readonly Outcome[] {
    const state = new State({ step: undefined, before: undefined });
    const args = flow.params.map(({ name }) => this.fresh({ kind: 'other', text: name ?? '' }));
    return this.inline({ flow, unit }, args, state, undefined);
  }

  evaluate(expr: Expr, state: State, frame: Frame): readonly Outcome[] {
    return evaluateExpr(this, expr, state, frame);
  }

  split(expr: Expr, state: State, frame: Frame): Branches {
    return splitBy(this, expr, state, frame);
  }

  place(expr: Expr, state: State, frame: Frame): readonly Located[] {
    return locate(this, expr, state, frame);
  }

  fresh(origin: Origin): Value & { readonly kind: 'symbol' } {
    const id = this.#symbols++;
    this.origins.set(id, origin);
    return { kind: 'symbol', id };
  }

  siteOf(site: Site): number {
    const { where, function: name } = site;
    const known = this.sites.findIndex(
      (one) => one.where.at === where.at && one.where.unit === where.unit && one.function === name,
    );
    if (known >= 0) return known;
    this.sites.push(site);
    return this.sites.length - 1;
  }

  problem(problem: Problem): void {
    const { type, where, message } = problem;
    const key = `${type} ${where.unit.file}:${where.at} ${message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.problems.push(problem);
  }

  inline(
    callee: { readonly flow: Flow; readonly unit: Unit },
    args: readonly Value[],
    state: State,
    caller: Frame | undefined,
  ): readonly Outcome[] {
    const { flow, unit } = callee;
    const frame = this.#frame(flow, flow.name, unit, caller, namesOf(flow));
    flow.params.forEach(({ name }, i) => {
      if (name !== undefined) state.memory.set(`${frame.id}:${name}`, args[i] ?? NOTHING);
    });
    for (const { why } of flow.notChecked) this.notChecked.add(`${flow.name}(): ${why}`);
    return this.#leave(frame, this.#explore(flow, state, frame));
  }

  block(graph: Graph, state: State, frame: Frame): readonly Outcome[] {
    const inner = this.#frame(graph, frame.name, frame.unit, frame, new Map());
    const both: Frame = {
      ...inner,
      id: frame.id,
      locals: new Set([...frame.locals, ...namesOf(graph).keys()]),
      caller: frame.caller,
      depth: frame.depth,
    };
    return this.#explore(graph, state, both);
  }

  expand(
    params: readonly string[],
    body: Expr,
    args: readonly Value[],
    state: State,
    frame: Frame,
  ): readonly Outcome[] {
    const types = new Map(params.map((name) => [name, { type: '', isPointer: false }]));
    const graph: Graph = { nodes: [{ kind: 'result', value: body, at: body.at }], entry: 0 };
    const inner = this.#frame(graph, frame.name, frame.unit, frame, types);
    params.forEach((name, i) => state.memory.set(`${inner.id}:${name}`, args[i] ?? NOTHING));
    return this.#leave(inner, this.evaluate(body, state, inner));
  }

  #frame(
    graph: Graph,
    name: string,
    unit: Unit,
    caller: Frame | undefined,
    names: ReadonlyMap<string, { readonly type: string; readonly isPointer: boolean }>,
  ): Frame {
    return {
      id: this.#frames++,
      unit,
      graph,
      name,
      locals: new Set(names.keys()),
      types: new Map([...names].map(([local, { type }]) => [local, type])),
      pointers: new Set([...names].flatMap(([local, { isPointer }]) => (isPointer ? [local] : []))),
      caller,
      depth: (caller?.depth ?? -1) + 1,
    };
  }

  /** Forgets the variables of a function that has returned. */
  #leave(frame: Frame, outcomes: readonly Outcome[]): readonly Outcome[] {
    for (const { state } of outcomes) {
      for (const location of state.memory.keys()) {
        if (location.startsWith(`${frame.id}:`)) state.memory.delete(location);
      }
    }
    return outcomes;
  }

  #explore(graph: Graph, first: State, frame: Frame): readonly Outcome[] {
    const live = liveNames(graph);
    const seen = new Map<string, Trace>();
    const ends: Outcome[] = [];
    const endKeys = new Map<string, Trace>();
    let open: { readonly node: number; readonly state: State }[] = [
      { node: graph.entry, state: first },
    ];
    while (open.length > 0) {
      const next: typeof open = [];
      for (const { node: index, state } of open) {
        const node = graph.nodes[index];
        if (node === undefined) continue;
        if (++this.steps > this.options.maxSteps) {
          this.notChecked.add(`${frame.name}(): more than ${this.options.maxSteps} steps`);
          return ends;
        }
        if (
          joins(node, graph) &&
          this.#merged(seen, `${index} ${this.#keyOf(state, live[index], frame)}`, state)
        ) {
          continue;
        }
        if (node.kind === 'end' || node.kind === 'result') {
          for (const end of this.#end(node, state, frame)) {
            const key = `${JSON.stringify(end.value)} ${this.#keyOf(end.state, undefined, frame)}`;
            if (!this.#merged(endKeys, key, end.state)) ends.push(end);
          }
          continue;
        }
        next.push(...this.#node(node, state, frame));
      }
      open = next;
    }
    return ends;
  }

  #keyOf(state: State, live: ReadonlySet<string> | undefined, frame: Frame): string {
    const own = `${frame.id}:`;
    const isLive = (location: string): boolean => {
      if (location.startsWith('%')) {
        return frame.depth > 0 || (live?.has(location.slice(1)) ?? false);
      }
      if (location.startsWith('@')) {
        const asked = location.slice(1, location.indexOf('('));
        return frame.depth > 0 || (live?.has(asked) ?? false);
      }
      if (!location.startsWith(own)) return true;
      const name = variableAt(location, own.length);
      return name === 'return' || (live?.has(name) ?? false);
    };
    forgetSpent(state, isLive);
    return this.options.coarse === true ? state.coarseKey(isLive) : state.key(isLive);
  }

  #merged(seen: Map<string, Trace>, key: string, state: State): boolean {
    const known = seen.get(key);
    if (known !== undefined) {
      if (known !== state.trace) this.merges.push({ from: state.trace, into: known });
      return true;
    }
    seen.set(key, state.trace);
    return false;
  }

  #end(node: FlowNode, state: State, frame: Frame): readonly Outcome[] {
    if (node.kind === 'result') {
      return node.value === undefined
        ? [{ state, value: NOTHING }]
        : this.evaluate(node.value, state, frame);
    }
    const value = state.memory.get(`${frame.id}:return`) ?? NOTHING;
    return [{ state, value: state.settled(value) }];
  }

  #node(
    node: FlowNode,
    state: State,
    frame: Frame,
  ): readonly { readonly node: number; readonly state: State }[] {
    const on = (to: number) => (after: State) => ({ node: to, state: after });
    switch (node.kind) {
      case 'do':
        return this.evaluate(node.expr, state, frame).map((o) => on(node.next)(o.state));
      case 'declare':
        return this.#declare(node, state, frame).map(on(node.next));
      case 'branch': {
        const { yes, no } = this.split(node.test, state, frame);
        return [...yes.map(on(node.yes)), ...no.map(on(node.no))];
      }
      case 'switch':
        return this.#switch(node, state, frame);
      case 'iterate':
        return this.#iterate(node, state, frame);
      case 'cleanup':
        return this.#cleanUp(node.name, node.free, state, frame).map(on(node.next));
      case 'return':
        return this.#return(node, state, frame).map(on(node.next));
      case 'unknown':
        return [on(node.next)(state)];
      case 'result':
      case 'end':
        return [];
    }
  }

  #declare(node: DeclareNode, state: State, frame: Frame): readonly State[] {
    const location = `${frame.id}:${node.name}`;
    state.memory.delete(location);
    const { init } = node;
    if (init === undefined) return [state];
    if (init.kind === 'list') return initialise(this, init, location, state, frame);
    return this.evaluate(init, state, frame).map(({ state: after, value }) => {
      write(location, after.settled(value), after);
      return after;
    });
  }

  #return({ value, at }: ReturnNode, state: State, frame: Frame): readonly State[] {
    const text = value === undefined ? 'return' : `return ${textOf(value)}`;
    const outcomes =
      value === undefined ? [{ state, value: NOTHING }] : this.evaluate(value, state, frame);
    return outcomes.map(({ state: after, value: given }) => {
      after.memory.set(`${frame.id}:return`, after.settled(given));
      if (frame.depth === 0) after.step({ kind: 'return', text, where: { unit: frame.unit, at } });
      return after;
    });
  }

  #switch(node: SwitchNode, state: State, frame: Frame) {
    return this.evaluate(node.on, state, frame).flatMap(({ state: after, value }) => {
      const ways: { readonly node: number; readonly state: State }[] = [];
      let rest: readonly State[] = [after];
      for (const { first, last, to } of node.cases) {
        const open = rest;
        rest = [];
        for (const one of open) {
          const settled = one.settled(value);
          const { yes, no } =
            last === undefined
              ? splitCase(this, { on: node.on, label: first, value: settled }, one, frame)
              : { yes: [one.fork()], no: [one] };
          ways.push(...yes.map((s) => ({ node: to, state: s })));
          rest = [...rest, ...no];
        }
      }
      return [...ways, ...rest.map((s) => ({ node: node.otherwise, state: s }))];
    });
  }

  /** A loop over a list: none or more rounds, each with other things. */
  #iterate(node: IterateNode, state: State, frame: Frame) {
    const done = state.fork();
    for (const arg of node.args) {
      if (arg.kind !== 'name' || !frame.locals.has(arg.name)) continue;
      const before = state.memory.get(`${frame.id}:${arg.name}`);
      // An object of a protocol is what the loop goes over, not what it finds there.
      if (before?.kind === 'symbol' && state.objects.has(before.id)) continue;
      state.memory.delete(`${frame.id}:${arg.name}`);
      if (frame.pointers.has(arg.name)) {
        const value = read(this, `${frame.id}:${arg.name}`, state);
        state.narrow(value, 2);
      }
    }
    return [
      { node: node.done, state: done },
      { node: node.body, state },
    ];
  }

  /** The scope helper of a variable, with what the variable holds. */
  #cleanUp(name: string, free: string, state: State, frame: Frame): readonly State[] {
    const value = state.settled(read(this, `${frame.id}:${name}`, state));
    const found = this.options.sources.free(free, frame.unit);
    if (found === undefined) {
      // A helper of include/ that is not read: what else would it do but give it back.
      state.letGo(value);
      return [state];
    }
    const callee = { flow: found.helper.flow, unit: found.unit };
    return this.inline(callee, [value], state, frame).map((outcome) => outcome.state);
  }
}

/** Names that a graph declares, with their types; parameters too where it is a function. */
function namesOf(
  graph: Graph | Flow,
): ReadonlyMap<string, { readonly type: string; readonly isPointer: boolean }> {
  const names = new Map<string, { readonly type: string; readonly isPointer: boolean }>();
  if ('params' in graph) {
    for (const { name, type, isPointer } of graph.params) {
      if (name !== undefined) names.set(name, { type, isPointer });
    }
  }
  for (const node of graph.nodes) {
    if (node.kind === 'declare') names.set(node.name, node);
    for (const expr of expressionsOf(node)) {
      visit(expr, (one) => {
        if (one.kind !== 'block') return;
        for (const [name, type] of namesOf(one.graph)) names.set(name, type);
      });
    }
  }
  return names;
}

/** The variable of a location such as `3:lim.features`, whose name begins at `from`. */
function variableAt(location: string, from: number): string {
  for (let i = from; i < location.length; i++) {
    const char = location[i];
    if (char === '.' || char === '[') return location.slice(from, i);
  }
  return location.slice(from);
}

/** Nodes at which paths may meet; elsewhere comparing states costs more than it saves. */
function joins(node: FlowNode, graph: Graph): boolean {
  const counts = meetings(graph);
  return (counts.get(node) ?? 0) > 1;
}

const known = new WeakMap<Graph, ReadonlyMap<FlowNode, number>>();

function meetings(graph: Graph): ReadonlyMap<FlowNode, number> {
  const before = known.get(graph);
  if (before !== undefined) return before;
  const counts = new Map<FlowNode, number>();
  const entry = graph.nodes[graph.entry];
  if (entry !== undefined) counts.set(entry, 1);
  for (const node of graph.nodes) {
    for (const next of waysOn(node)) {
      const target = graph.nodes[next];
      if (target !== undefined) counts.set(target, (counts.get(target) ?? 0) + 1);
    }
  }
  known.set(graph, counts);
  return counts;
}
