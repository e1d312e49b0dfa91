// The example of docs/model/one-text.md is this code, and what it prints is what the document says.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { at, present } from '../base/index.ts';
import { search } from '../explore/index.ts';
import { get, type Op, set, Shared } from '../kernel/index.ts';
import type { Automaton, Node } from './automaton.ts';
import { closeScene, lookAt, sceneEnds } from './automaton-search.ts';
import { testKernel } from './test-kernel.ts';

const page = readFileSync(new URL('../../docs/model/one-text.md', import.meta.url), 'utf8');
const source = readFileSync(new URL(import.meta.url), 'utf8');

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``).exec(page);
  return present(found?.[1], `a block of ${language}`);
}

const count = new Shared('count', 0);
function* addOne(): Op<void> {
  yield* set(count, 0, (yield* get(count)) + 1);
}

function text(node: Node): readonly string[] {
  const { visible } = node;
  const what =
    visible.kind === 'set'
      ? `set ${visible.cell} to ${visible.value}`
      : visible.kind === 'get'
        ? `get ${visible.cell}`
        : visible.kind;
  const next = [...node.next].map(([answer, to]) =>
    answer === '' ? `      P0.${to.id}` : `      ${answer}: P0.${to.id}`,
  );
  return [`P0.${node.id}  ${what}`, ...next];
}

test('the document shows the automaton of two threads that add one', () => {
  const linux = testKernel('arm926ej-s');
  const threads = ['P0', 'P1'].map((name) => ({ name, run: addOne }));
  const scene = closeScene({ linux, threads, roots: [count] }, search);
  if (scene.kind !== 'closed') throw new Error('bound');
  const first: Automaton = at(scene.automata.threads, 0);
  expect(first.nodes.flatMap(text).join('\n')).toBe(block('text').trimEnd());
  const counts = sceneEnds(scene, search).map((end) => lookAt(scene, end, () => count.peek()));
  expect(new Set(counts)).toEqual(new Set([1, 2]));
  expect(source).toContain(block('ts'));
});
