// A graph in the making. Edges are drawn before the node they lead to is there: open edges wait in
// `open`, and the next node that is added closes them all.

import type { CNode } from '../c/syntax.ts';
import type { Expr, FlowNode, Graph } from './flow.ts';
import { pruned } from './prune.ts';

/** An edge whose end is not known yet: called with the node it leads to. */
export type OpenEdge = (to: number) => void;

/** Variables that are cleaned up when their scope is left, the youngest first. */
export interface Live {
  readonly name: string;
  readonly free: string;
  readonly up: Live | undefined;
  readonly depth: number;
}

/** Where `break` or `continue` leads: edges that wait, and the variables alive there. */
export interface Target {
  readonly edges: OpenEdge[];
  readonly live: Live | undefined;
}

/** The switch that cases belong to. */
export interface CaseList {
  add(first: Expr, last: Expr | undefined): OpenEdge;
  setDefault(): OpenEdge;
}

type Writable<T> = T extends unknown ? { -readonly [K in keyof T]: T[K] } : never;
type Step = Writable<Extract<FlowNode, { readonly next: number }>>;

/** Expressions nested deeper than this are not followed: who walks a tree may recur. */
export const MAX_DEPTH = 300;

/** What lowering needs to know of the function around. */
export interface Around {
  /** Added to every offset: where the text that was parsed begins in its file. */
  readonly base: number;
  note(why: string, at: number): void;
}

interface Label {
  to: number | undefined;
  live: Live | undefined;
  readonly waiting: OpenEdge[];
}

interface Goto {
  readonly label: string;
  readonly at: number;
  readonly edges: readonly OpenEdge[];
  readonly live: Live | undefined;
}

/** One graph in the making: of a function, or of a statement expression inside of one. */
export class Draft {
  readonly around: Around;
  readonly nodes: FlowNode[] = [];
  open: OpenEdge[] = [];
  live: Live | undefined;
  breakTo: Target | undefined = undefined;
  continueTo: Target | undefined = undefined;
  cases: CaseList | undefined = undefined;
  depth = 0;
  /** Lowers `({ ... })`; set by whoever lowers statements, who alone can. */
  readonly lowerBlock: (node: CNode, draft: Draft, depth: number) => Expr;
  readonly ends: OpenEdge[] = [];
  readonly labels = new Map<string, Label>();
  readonly gotos: Goto[] = [];
  closing: { readonly edges: readonly OpenEdge[]; readonly to: number }[] = [];
  entry = 0;

  constructor(
    around: Around,
    live: Live | undefined,
    lowerBlock: (node: CNode, draft: Draft, depth: number) => Expr,
  ) {
    this.around = around;
    this.live = live;
    this.lowerBlock = lowerBlock;
    this.open.push((to) => {
      this.entry = to;
    });
  }

  /** Adds a node; its own edges are for the caller. */
  add(node: FlowNode): number {
    const index = this.nodes.push(node) - 1;
    this.close(this.open, index);
    this.open = [];
    return index;
  }

  /** Adds a node with one way on, which is then open. */
  step(node: Step): void {
    this.add(node);
    this.open.push((to) => {
      node.next = to;
    });
  }

  /** Lets edges end at `to`; labels that this places let others end there, without recursion. */
  close(edges: readonly OpenEdge[], to: number): void {
    this.closing.push({ edges, to });
    if (this.closing.length > 1) return;
    for (const { edges: some, to: end } of this.closing) for (const edge of some) edge(end);
    this.closing = [];
  }

  /** Edges that lead to the next node as well. */
  join(edges: readonly OpenEdge[]): void {
    for (const edge of edges) this.open.push(edge);
  }

  /** All open edges, which are then no longer open here. */
  take(): OpenEdge[] {
    const edges = this.open;
    this.open = [];
    return edges;
  }

  /** Cleans up, youngest first, what is alive and was not at `until`. */
  cleanUp(until: Live | undefined, at: number): void {
    if (this.open.length === 0) return;
    for (let live = this.live; live !== undefined && live !== until; live = live.up) {
      this.step({ kind: 'cleanup', name: live.name, free: live.free, at, next: -1 });
    }
  }

  /** Leaves for `target` by `break` or `continue`. */
  leave(target: Target | undefined, word: string, at: number): void {
    if (target === undefined) {
      this.lost(`${word} without a loop around it`, at);
      return;
    }
    this.cleanUp(target.live, at);
    for (const edge of this.take()) target.edges.push(edge);
  }

  /** The way on is not known: the graph ends here, and says so. */
  lost(why: string, at: number): void {
    this.around.note(why, at);
    this.step({ kind: 'unknown', parts: [], at, next: -1 });
    for (const edge of this.take()) this.ends.push(edge);
  }

  label(name: string, at: number): void {
    const label: Label = this.labels.get(name) ?? { to: undefined, live: undefined, waiting: [] };
    if (this.labels.has(name)) {
      this.around.note(`label ${name} twice, of which the first is taken`, at);
      return;
    }
    label.live = this.live;
    this.labels.set(name, label);
    this.open.push((to) => {
      if (label.to !== undefined) return;
      label.to = to;
      this.close(label.waiting, to);
    });
  }

  goto(label: string, at: number): void {
    this.gotos.push({ label, at, edges: this.take(), live: this.live });
  }

  /** Draws the edges of gotos, adds the end, and leaves out what nothing leads to. */
  finish(): Graph {
    for (const jump of this.gotos) this.drawGoto(jump);
    for (const label of this.labels.values()) this.closeEndless(label);
    const end = this.nodes.push({ kind: 'end' }) - 1;
    this.close(this.ends, end);
    return pruned(this.nodes, this.entry);
  }

  drawGoto(jump: Goto): void {
    this.open = [...jump.edges];
    this.live = jump.live;
    const label = this.labels.get(jump.label);
    if (label === undefined) {
      this.lost(`goto ${jump.label}: no such label here`, jump.at);
      return;
    }
    this.cleanUp(common(jump.live, label.live), jump.at);
    const edges = this.take();
    if (label.to === undefined) for (const edge of edges) label.waiting.push(edge);
    else this.close(edges, label.to);
  }

  /** A label behind which there is only a goto back to it. */
  closeEndless(label: Label): void {
    if (label.to !== undefined || label.waiting.length === 0) return;
    const test: Expr = { kind: 'number', value: 1, at: this.around.base };
    const at = this.around.base;
    const node = {
      kind: 'branch' as const,
      test,
      loop: true,
      configured: false,
      at,
      yes: 0,
      no: 0,
    };
    const index = this.nodes.push(node) - 1;
    node.yes = index;
    this.ends.push((to) => {
      node.no = to;
    });
    label.to = index;
    this.close(label.waiting, index);
  }
}

function common(one: Live | undefined, two: Live | undefined): Live | undefined {
  let a = one;
  let b = two;
  while (a !== b) {
    if ((a?.depth ?? 0) >= (b?.depth ?? 0)) a = a?.up;
    else b = b?.up;
  }
  return a;
}
