// An automaton as text: one line for each node, or for each step of a way.

import { never } from '../../base/index.ts';
import type { LearntAttach, LearntNode } from './learnt.ts';

/** One line for each node, after a line that names the function; it ends with a line end. */
export function learntText(learnt: LearntAttach): string {
  const lines = [
    `${learnt.function}  (${learnt.at.file}:${learnt.at.line})`,
    ...learnt.objects.map(
      ({ protocol, acquire, at }, i) => `  #${i}: ${protocol} of ${acquire}()  (line ${at.line})`,
    ),
    ...learnt.nodes.map((node, i) => `${i}  ${nodeText(node, learnt)}`),
    ...learnt.notChecked.map((what) => `not checked: ${what}`),
  ];
  return `${lines.join('\n')}\n`;
}

function nodeText(node: LearntNode, learnt: LearntAttach): string {
  const text = stepText(node, learnt);
  switch (node.kind) {
    case 'call': {
      const ways = node.outcomes.map(({ result, next }) => `${result} -> ${next}`).join(', ');
      return `${text}  (line ${node.at.line})  ${ways}`;
    }
    case 'question':
      return `${text}  (line ${node.at.line})  yes -> ${node.yes}, no -> ${node.no}`;
    case 'store':
    case 'flag':
      return `${text}  (line ${node.at.line})  -> ${node.next}`;
    case 'attached':
      return `${text}  -> ${node.next}`;
    case 'failed':
    case 'detached':
      return text;
    default:
      return never(node, 'node of an automaton');
  }
}

/** What a step does, without where it leads. */
export function stepText(node: LearntNode, learnt: LearntAttach): string {
  switch (node.kind) {
    case 'call':
      return `${node.function}(${objectText(node.object, learnt)})`;
    case 'question':
      return `${node.text}?`;
    case 'store':
      return `${node.field} = ${objectText(node.object, learnt)}`;
    case 'flag':
      return `announces ${node.flag}`;
    case 'attached':
      return 'attached';
    case 'failed':
      return `failed${node.errno === undefined ? '' : ` with ${node.errno}`}`;
    case 'detached':
      return 'detached';
    default:
      return never(node, 'node of an automaton');
  }
}

function objectText(object: number | null | undefined, { objects }: LearntAttach): string {
  if (object === undefined) return '';
  return object === null ? 'NULL' : `${objects[object]?.protocol ?? 'object'} #${object}`;
}
