// The steps of a finding's path, read back from their notes: src/audit/paths/notes.ts writes them.

import type { ShownStep } from '../../../../forms/index.ts';
import type { LearntNode, LearntResult } from '../../../../scenario/index.ts';

/** What a note says that happened. */
export type Told =
  | { readonly kind: 'call'; readonly function: string; readonly result: LearntResult }
  | { readonly kind: 'question'; readonly text: string; readonly yes: boolean }
  | { readonly kind: 'store'; readonly field: string }
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'return'; readonly text: string };

/** Reads a note; undefined where it is no step of a walk. */
export function toldBy(message: string): Told | undefined {
  const question = /^'(.*)' (holds|does not hold)$/s.exec(message);
  if (question) {
    return { kind: 'question', text: question[1] ?? '', yes: question[2] === 'holds' };
  }
  if (message.startsWith('return')) return { kind: 'return', text: message };
  const call = /^(\w+)\(\)(?: (fails|gives (\S+?)|is given NULL)(?:[:,].*)?)?$/s.exec(message);
  if (call) return { kind: 'call', function: call[1] ?? '', result: resultOf(call[2], call[3]) };
  // As STORED_AFTER_ADD_HOST tells its path.
  const may = /^(\w+)\(\) may fail here$/.exec(message);
  if (may) return { kind: 'call', function: may[1] ?? '', result: 'error' };
  const idle = /^(\w+)\(.*\) finds NULL and does nothing$/.exec(message);
  if (idle) return { kind: 'call', function: idle[1] ?? '', result: 'ok' };
  const store = /^(.*) is set(?:, though to no object)?$/s.exec(message);
  if (store) return { kind: 'store', field: store[1] ?? '' };
  const flag = /^(\w+) is announced$/.exec(message);
  return flag ? { kind: 'flag', flag: flag[1] ?? '' } : undefined;
}

function resultOf(how: string | undefined, given: string | undefined): LearntResult {
  if (how === 'fails') return 'error';
  if (given === 'NULL') return 'NULL';
  return given?.startsWith('-') === true ? `-${given.slice(1)}` : 'ok';
}

/** Whether the note tells of this node, left in this way: `yes`, `no`, or how a call ended. */
export function tells(step: ShownStep, node: LearntNode, outcome: string): boolean {
  const told = toldBy(step.message);
  if (told === undefined || !('at' in node)) return false;
  if (step.place?.file !== node.at.file || step.place.line !== node.at.line) return false;
  switch (told.kind) {
    case 'call':
      return node.kind === 'call' && node.function === told.function && outcome === told.result;
    case 'question':
      return (
        node.kind === 'question' && node.text === told.text && (outcome === 'yes') === told.yes
      );
    case 'store':
      return node.kind === 'store' && node.field === told.field;
    case 'flag':
      return node.kind === 'flag' && node.flag === told.flag;
    case 'return':
      return false;
  }
}
