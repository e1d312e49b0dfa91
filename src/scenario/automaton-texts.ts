// Steps of a scene's threads as text.

import { never } from '../base/index.ts';
import type { Visible } from './automaton-run.ts';

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
