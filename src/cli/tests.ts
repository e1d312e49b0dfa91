// Which litmus tests a command is about, from what was typed: parsed, or with all their problems.

import type { SelectedTest } from '../answer/index.ts';
import { at, fail, ok, type Problem, type Result } from '../base/index.ts';
import {
  isCatalogued,
  type LitmusText,
  litmusTexts,
  shelves,
  wholeCatalogue,
} from '../host/index.ts';
import { parseLitmus } from '../litmus/index.ts';
import { nearest } from './nearest.ts';

/** The texts that the words stand for; the whole catalogue where there is no word. */
export function selectTexts(words: readonly string[]): Result<readonly LitmusText[]> {
  if (words.length === 0) return wholeCatalogue();
  const texts = new Map<string, LitmusText>();
  // Each word once: what came out of a pipe is gone.
  for (const word of new Set(words)) {
    const found = litmusTexts(word);
    if (!found) return nothingCalled(word);
    if (!found.ok) return found;
    for (const one of found.value) texts.set(one.file, one);
  }
  return ok([...texts.values()]);
}

/** Whether a word names a test of the catalogue, a litmus file, or stdin. */
export function isTest(word: string): boolean {
  return word === '-' || word.endsWith('.litmus') || isCatalogued(word);
}

/** The tests that the words stand for. Where one cannot be read, all problems of all are told. */
export function selectTests(words: readonly string[]): Result<readonly SelectedTest[]> {
  const texts = selectTexts(words);
  if (!texts.ok) return texts;
  const tests: SelectedTest[] = [];
  const problems: Problem[] = [];
  for (const { file, text } of texts.value) {
    const parsed = parseLitmus(text, file);
    if (parsed.ok) tests.push({ file, text, test: parsed.test });
    else problems.push(...parsed.problems);
  }
  return problems.length > 0 ? fail(joined(problems)) : ok(tests);
}

/** Several problems as one. */
export function joined(problems: readonly Problem[]): Problem {
  const [first, ...others] = problems;
  return { ...(first ?? at(problems, 0)), others };
}

function nothingCalled(word: string): Result<never> {
  const known = shelves().flatMap((s) => [s.name, ...s.tests]);
  const near = nearest(word, known);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return fail({
    what: `no test, shelf, file or folder is called ${word === '' ? '(empty)' : word}`,
    hint: `${guess}dachs list tests names the catalogue; a file is NAME.litmus, or - for stdin`,
  });
}
