// SHMLBA of an architecture: the boundary at which shared memory is attached, in its own words.
// @source include/asm-generic/shmparam.h v6.12 for the generic value

import type { SourceTree } from '../tree.ts';
import type { Shmlba } from './facts.ts';
import { type ConfigLookup, type CLine, definesOf, preprocess } from './preprocessor.ts';
import { squeeze } from './syntax.ts';

const MAX_INCLUDES = 4;

/** SHMLBA of `arch` under the configuration `lookup`; includes of asm/ headers are followed. */
export function readShmlba(tree: SourceTree, arch: string, lookup: ConfigLookup): Shmlba {
  return readHeader(tree, `arch/${arch}/include/asm/shmparam.h`, lookup, MAX_INCLUDES);
}

function readHeader(tree: SourceTree, file: string, lookup: ConfigLookup, budget: number): Shmlba {
  const text = tree.read(file);
  // Where an architecture has no header, its build generates one that includes the generic one.
  if (!text.ok) return generic(tree);
  const lines = preprocess(text.value, lookup);
  for (const define of definesOf(lines)) {
    if (define.name !== 'SHMLBA' || define.active === 'no') continue;
    const source = { kind: 'tree', file, line: define.line } as const;
    if (define.active === 'unknown') {
      return { kind: 'not-checked', why: 'SHMLBA stands under an unknown condition', source };
    }
    return { kind: 'defined', expr: squeeze(define.body), source };
  }
  return followInclude(tree, file, lines, lookup, budget);
}

function followInclude(
  tree: SourceTree,
  file: string,
  lines: readonly CLine[],
  lookup: ConfigLookup,
  budget: number,
): Shmlba {
  for (const { text, line, active } of lines) {
    const match = /^\s*#\s*include\s+<(asm|asm-generic)\/(shmparam\w*\.h)>/.exec(text);
    if (match === null || active === 'no') continue;
    const source = { kind: 'tree', file, line } as const;
    if (active === 'unknown' || budget === 0) {
      return { kind: 'not-checked', why: 'SHMLBA hangs on an include that is not known', source };
    }
    if (match[1] === 'asm-generic') return generic(tree);
    const folder = file.slice(0, file.lastIndexOf('/'));
    return readHeader(tree, `${folder}/${match[2]}`, lookup, budget - 1);
  }
  const why = 'the header exists but no SHMLBA was found in it';
  return { kind: 'not-checked', why, source: { kind: 'tree', file, line: 1 } };
}

function generic(tree: SourceTree): Shmlba {
  const file = 'include/asm-generic/shmparam.h';
  const text = tree.read(file);
  const define = text.ok
    ? definesOf(preprocess(text.value, () => undefined)).find((d) => d.name === 'SHMLBA')
    : undefined;
  const source = { kind: 'tree', file, line: define?.line ?? 1 } as const;
  if (define !== undefined && squeeze(define.body) === 'PAGE_SIZE') {
    return { kind: 'generic', expr: 'PAGE_SIZE', source };
  }
  return { kind: 'not-checked', why: 'no generic definition of SHMLBA was found', source };
}
