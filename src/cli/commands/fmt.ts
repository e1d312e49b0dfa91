// dachs fmt: litmus tests in their canonical form, in place.

import { EXIT } from '../../answer/index.ts';
import type { Problem } from '../../base/index.ts';
import { formatLitmus } from '../../litmus/index.ts';
import { writeAnswer } from '../output.ts';
import { selectTexts } from '../tests.ts';

/** What formatting came to: what to print, what went wrong, and the exit status. */
export interface Formatted {
  readonly problems: readonly Problem[];
  readonly text: string;
  readonly exit: number;
}

/** Formats each file in place; `-` goes to stdout. With `check` nothing is written. */
export function fmtCommand(
  files: readonly string[],
  options: { readonly check?: boolean | string },
): Formatted {
  const problems: Problem[] = [];
  const lines: string[] = [];
  let changed = 0;
  const texts = selectTexts(files);
  if (!texts.ok) return { problems: [texts.problem], text: '', exit: EXIT.input };
  for (const { file, text, path } of texts.value) {
    const formatted = formatLitmus(text, file);
    if (!formatted.ok) {
      problems.push(...formatted.problems);
      continue;
    }
    const same = formatted.text === text;
    if (options.check) {
      if (!same) lines.push(`${file}\n`);
    } else if (path === undefined) lines.push(formatted.text);
    else if (!same) {
      const written = writeAnswer(formatted.text, path);
      if (!written.ok) problems.push(written.problem);
    }
    if (!same) changed += 1;
  }
  const findings = options.check && changed > 0;
  const exit = problems.length > 0 ? EXIT.input : findings ? EXIT.findings : EXIT.asExpected;
  return { problems, text: lines.join(''), exit };
}
