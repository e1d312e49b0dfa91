// Conditions as herd writes them, with the parentheses that are needed.

import { never } from '../base/index.ts';
import type { ConditionNode, Constant, Place } from './ast.ts';

const WEAKEST = { implies: 0, or: 1, and: 2, not: 3 } as const;

/** The condition without the parentheses around it. */
export function conditionText(node: ConditionNode): string {
  return text(node, 0);
}

function text(node: ConditionNode, weakest: number): string {
  switch (node.kind) {
    case 'equals':
      return `${placeText(node.place)}=${constantText(node.value)}`;
    case 'and':
    case 'or': {
      const own = WEAKEST[node.kind];
      const sign = node.kind === 'and' ? ' /\\ ' : ' \\/ ';
      const all = node.of.map((one) => text(one, own + 1)).join(sign);
      return own < weakest ? `(${all})` : all;
    }
    case 'implies': {
      const both = `${text(node.a, WEAKEST.or)} => ${text(node.b, 0)}`;
      return weakest > 0 ? `(${both})` : both;
    }
    case 'not': {
      const of = text(node.of, WEAKEST.not);
      return node.of.kind === 'equals' ? `~(${of})` : `~${of}`;
    }
    case 'true':
    case 'false':
      return node.kind;
    default:
      return never(node);
  }
}

/** `0:r0`, `x`, `y.buf[1]`. */
export function placeText(place: Place): string {
  if (place.kind === 'register') {
    return `${place.thread.text.replace(/^P/, '')}:${place.register.text}`;
  }
  const member = place.member ? `.${place.member.text}` : '';
  const index = place.index ? `[${constantText(place.index)}]` : '';
  return `${place.name.text}${member}${index}`;
}

/** A constant as it was written. */
export function constantText({ negative, text: digits }: Constant): string {
  return negative ? `-${digits}` : digits;
}
