// Steps of a scene's threads as text.

import { never } from '../base/index.ts';
import type { PlainStep as Step } from '../kernel/index.ts';
import type { Place, Visible } from './automaton-run.ts';

/** A step that others see, as text: `get i_size of inode 12 [0]`, `store 1 at 7f00`. */
export function visibleText(visible: Visible): string {
  switch (visible.kind) {
    case 'get':
      return `get ${visible.cell}`;
    case 'set':
      return `set ${visible.cell} to ${visible.value}`;
    case 'scan':
      return `scan ${visible.cells.join(', ')}`;
    case 'lock':
    case 'unlock':
      return `${visible.kind} ${visible.lock}${visible.mode === 'shared' ? ' shared' : ''}`;
    case 'chance':
      return `chance ${visible.what}`;
    case 'pause':
      return 'pause';
    case 'load':
      return `load at ${visible.place.vaddr.toString(16)}`;
    case 'store':
      return `store ${visible.value} at ${visible.place.vaddr.toString(16)}`;
    case 'maintain':
      return `${visible.what} at ${visible.place.vaddr.toString(16)}`;
    case 'end':
      return `end with ${visible.result}`;
    case 'blocked':
      return `wait for ever for ${visible.lock}`;
    default:
      return never(visible);
  }
}

/** A step as text: who asks for the same steps has the same texts. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case 'get':
    case 'set':
      return `${step.kind} ${step.name} [${step.key}]${step.count ? ` and ${step.count - 1}` : ''}`;
    case 'scan':
      return `scan ${step.name} [${step.start} to ${step.end}]`;
    case 'lock':
    case 'unlock':
      return `${step.kind} ${step.lock.name} ${step.mode}`;
    case 'chance':
      return `chance ${step.what}`;
    case 'pause':
      return 'pause';
    case 'load':
      return `load ${placeText(step.place)} ${step.lengthBytes}`;
    case 'store':
      return `store ${placeText(step.place)} ${step.bytes.length}`;
    case 'maintain':
      return `${step.what} ${placeText(step.place)} ${step.lengthBytes}`;
    default:
      return never(step);
  }
}

function placeText({ vaddr, paddr, attribute }: Place): string {
  return `${vaddr.toString(16)} (${paddr.toString(16)})${attribute ? ` ${attribute}` : ''}`;
}
