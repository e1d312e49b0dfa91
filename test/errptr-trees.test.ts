// The scanner against the parser, on folders of a real tree: the same functions at the same places,
// but for a few that macros make, where the parser errs.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanFunctions } from '../src/audit/index.ts';
import { readUnit } from '../src/audit/flow/index.ts';
import { present } from '../src/base/index.ts';
import { loadCSyntax } from '../src/host/index.ts';
import { kernelTree } from './support.ts';

const tree = kernelTree('6.12');
const syntax = await loadCSyntax();

describe.skipIf(tree === undefined)('a tree of 6.12', () => {
  test.each(['fs/ext4', 'drivers/nvdimm', 'kernel/sched', 'include/linux', 'mm', 'net/core'])(
    'functions of %s',
    (folder) => {
      const where = path.join(present(tree, 'tree'), folder);
      const files = readdirSync(where).filter((name) => /\.[ch]$/.test(name));
      const missed: string[] = [];
      let count = 0;
      for (const name of files) {
        const text = readFileSync(path.join(where, name), 'utf8');
        const found = scanFunctions(text).functions;
        const places = new Map(found.map((f) => [f.at, f]));
        // The parser knows the names in macros that define functions; the scanner has no need to.
        const made = found.filter((f) => /DEFINE|BPF_CALL/.test(f.name)).map((f) => f.end);
        for (const flow of readUnit(name, text, syntax).flows) {
          count++;
          if (made.includes(flow.end)) continue;
          const same = places.get(flow.at);
          const agrees =
            same?.name === flow.name &&
            same.end === flow.end &&
            same.isStatic === flow.isStatic &&
            same.returnsPointer === flow.returnsPointer;
          if (!agrees) missed.push(`${name} ${flow.name}`);
        }
      }
      expect(count).toBeGreaterThan(100);
      expect(missed.length / count, missed.join(', ')).toBeLessThan(0.005);
    },
  );
});
