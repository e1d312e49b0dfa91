// A function definition as a graph.

import type { SplitPart } from '../c/mask-split.ts';
import type { CNode } from '../c/syntax.ts';
import { declaredBy, paramsOf, typeWords } from './declarator.ts';
import { type Around, Draft } from './draft.ts';
import type { Expr, Flow } from './flow.ts';
import { addReturn, end, lowerAll, lowerBlock } from './lower-statement.ts';

/** Where a definition stands. */
export interface Standing {
  readonly file: string;
  /** Added to every offset of the tree. */
  readonly base: number;
  /** The original text that was parsed. */
  readonly text: string;
  readonly within: readonly Expr[];
  /** Conditions in the midst of a statement, of which one side alone was parsed. */
  readonly splits: readonly SplitPart[];
}

/** Lowers one definition; undefined where it has no name or no body. */
export function lowerFunction(definition: CNode, standing: Standing): Flow | undefined {
  const declarator = definition.field('declarator');
  const body = definition.field('body');
  const { name, parameters, returnsPointer } = declaredBy(declarator);
  if (name === undefined || body === undefined) return undefined;
  const { base } = standing;
  const notChecked: { why: string; at: number }[] = [];
  const noted = new Set<string>();
  const around: Around = {
    base,
    note(why, at) {
      const key = `${at} ${why}`;
      if (!noted.has(key)) notChecked.push({ why, at });
      noted.add(key);
    },
  };
  const draft = new Draft(around, undefined, lowerBlock);
  lowerAll(body.children, draft);
  if (draft.open.length > 0) addReturn(draft, undefined, end(body, draft));
  const graph = draft.finish();
  if (definition.hasError) listErrors(definition, around);
  for (const { group } of standing.splits) {
    if (group < definition.offset || group >= definition.endOffset) continue;
    around.note(
      'a condition of the preprocessor within a statement: one side is read',
      base + group,
    );
  }
  const before = wordsBefore(standing.text, definition.offset, name.offset);
  const macro = definedByMacro(definition, name);
  return {
    ...graph,
    name: macro?.name ?? name.text,
    file: standing.file,
    at: base + name.offset,
    end: base + definition.endOffset,
    returns: macro?.returns ?? typeWords(definition),
    returnsPointer,
    // @source fs/xfs/xfs_linux.h STATIC v6.12
    isStatic: /\b(?:static|STATIC)\b/.test(before),
    isInline: /\b(?:__always_inline|inline|__inline|__inline__)\b/.test(before),
    params: paramsOf(parameters),
    within: standing.within,
    notChecked: notChecked.toSorted((a, b) => a.at - b.at),
  };
}

/**
 * The mask writes a head over a definition by macro. Without parameters the name is still inside
 * of the parentheses. @source include/linux/syscalls.h SYSCALL_DEFINE0() v6.12
 */
function definedByMacro(definition: CNode, name: CNode) {
  const head = /^(?:COMPAT_)?(SYSCALL_DEFINE|BPF_CALL_)\d\s*\(\s*(\w+)\s*(\))?/.exec(
    definition.text.slice(0, 200),
  );
  if (head === null) return undefined;
  const returns = head[1] === 'BPF_CALL_' ? 'u64' : 'long';
  return { name: head[3] === undefined ? name.text : (head[2] ?? ''), returns };
}

/** The words before the name, with those on its line that the mask blanked. */
function wordsBefore(text: string, from: number, to: number): string {
  const line = text.lastIndexOf('\n', Math.max(0, from - 1)) + 1;
  return text.slice(Math.min(line, from), to);
}

/** Says of every syntax error where it is; what is inside of one is not said again. */
export function listErrors(node: CNode, around: Around): void {
  const stack: CNode[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (!next.hasError) continue;
    const at = around.base + next.offset;
    if (next.kind === 'ERROR') {
      around.note('syntax error', at);
      continue;
    }
    if (next.isMissing) {
      around.note(`${next.kind.replaceAll('_', ' ')} missing`, at);
      continue;
    }
    let below = false;
    for (const child of next.children) {
      if (!child.hasError) continue;
      below = true;
      stack.push(child);
    }
    // A label in front of a directive has no statement, which loses nothing.
    const isEmpty = next.offset === next.endOffset && next.parent?.kind === 'labeled_statement';
    if (!below && !isEmpty) around.note('punctuation missing', at);
  }
}
