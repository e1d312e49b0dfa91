// Where each step of an automaton leads: its outgoing edges, those to one node as one.

import type { LearntAttach, LearntNode } from '../../../../scenario/index.ts';

/** One way on from a node. */
export interface Exit {
  /** How the node is left: `ok`, `error`, `-EOPNOTSUPP`, `yes`; empty where there is no choice. */
  readonly outcome: string;
  /** Index of the node that follows; none has it where the walk was cut off. */
  readonly next: number;
}

/** The exits of a node, in their order. */
export function exitsOf(node: LearntNode): readonly Exit[] {
  switch (node.kind) {
    case 'call':
      return node.outcomes.map(({ result, next }) => ({ outcome: result, next }));
    case 'question':
      return [
        { outcome: 'yes', next: node.yes },
        { outcome: 'no', next: node.no },
      ];
    case 'store':
    case 'flag':
    case 'attached':
      return [{ outcome: '', next: node.next }];
    case 'failed':
    case 'detached':
      return [];
  }
}

/** Whether an outcome is a failure. */
export function isFailure(outcome: string): boolean {
  return outcome === 'error' || outcome === 'NULL' || outcome.startsWith('-');
}

/** Whether an index is that of a node. */
export function isNode({ nodes }: LearntAttach, index: number): boolean {
  return nodes[index] !== undefined;
}

/** An outcome as it is told: `fails`, `gives NULL`, `gives -EOPNOTSUPP`. */
export function outcomeText(outcome: string): string {
  if (outcome === 'error') return 'fails';
  return isFailure(outcome) ? `gives ${outcome}` : outcome;
}
