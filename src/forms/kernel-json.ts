// A Kernel record from JSON: checked before it is believed.

import * as v from 'valibot';
import { fail, ok, type Result } from '../base/index.ts';
import type { Kernel, PredicateExpr } from '../kernel/index.ts';
import { jsonFrom } from './json.ts';

/** Version of the record's JSON form; raised when a reader of the old form would go wrong. */
export const KERNEL_FORM = 1;

const source = v.variant('kind', [
  v.object({ kind: v.literal('tree'), file: v.string(), line: v.number() }),
  v.object({
    kind: v.literal('kernel'),
    file: v.string(),
    symbol: v.exactOptional(v.string()),
    release: v.string(),
  }),
  v.object({ kind: v.literal('commit'), id: v.string(), subject: v.exactOptional(v.string()) }),
  v.object({ kind: v.literal('manual'), title: v.string(), section: v.exactOptional(v.string()) }),
  v.object({ kind: v.literal('mail'), subject: v.string(), date: v.string() }),
  v.object({ kind: v.literal('inference'), why: v.string() }),
]);
const sources = v.array(source);
const value = v.picklist(['y', 'm', 'n', 'undefined', 'unknown']);
const symbolFact = v.object({
  value,
  chain: v.array(v.object({ symbol: v.string(), value, because: v.string(), source })),
  sources,
});

const predicateExpr: v.GenericSchema<PredicateExpr> = v.lazy(() =>
  v.union([
    v.object({ op: v.picklist(['name', 'call']), name: v.string() }),
    v.object({ op: v.literal('number'), value: v.number() }),
    v.object({ op: v.literal('not'), a: predicateExpr }),
    v.object({
      op: v.picklist(['||', '&&', '>', '<', '>=', '<=', '==', '!=']),
      a: predicateExpr,
      b: predicateExpr,
    }),
  ]),
);

const predicate = v.variant('kind', [
  v.object({ kind: v.literal('absent') }),
  v.object({ kind: v.literal('generic-false'), sources }),
  v.object({
    kind: v.literal('defined'),
    expr: predicateExpr,
    selectedAt: sources,
    definedAt: sources,
  }),
  v.object({ kind: v.literal('not-checked'), why: v.string(), sources }),
]);

const port = v.object({
  id: v.string(),
  arch: v.string(),
  symbols: v.object({
    FS_DAX: symbolFact,
    DAX: symbolFact,
    DEV_DAX: symbolFact,
    ZONE_DEVICE: symbolFact,
    BLK_DEV_PMEM: symbolFact,
    ARCH_HAS_CPU_CACHE_ALIASING: symbolFact,
  }),
  fsDaxWithoutList: symbolFact,
  predicate,
});

const kernel: v.GenericSchema<unknown, Kernel> = v.object({
  id: v.string(),
  title: v.string(),
  gate: v.object({
    refusedByName: v.object({ value: v.array(v.string()), sources }),
    runTime: v.object({
      value: v.picklist(['none', 'filesystem', 'alloc_dax', 'not-checked']),
      sources,
    }),
    exemptsNullOps: v.boolean(),
    refusal: v.picklist(['-EOPNOTSUPP', 'NULL']),
    callersSurvive: v.union([v.boolean(), v.literal('not-checked')]),
    hasAllocDax: v.exactOptional(v.literal(false)),
  }),
  ports: v.array(port),
  sources,
  unreadPorts: v.exactOptional(v.array(v.string())),
  notes: v.exactOptional(v.array(v.string())),
});

const kernelFileSchema = v.object({
  schema: v.literal('dachs/kernel'),
  version: v.literal(KERNEL_FORM),
  kernel,
});

/** The file form of a kernel: a name for the form, its version, and the record. */
export interface KernelFile {
  readonly schema: 'dachs/kernel';
  readonly version: typeof KERNEL_FORM;
  readonly kernel: Kernel;
}

/** Wraps a record for writing. */
export function kernelFile(record: Kernel): KernelFile {
  return { schema: 'dachs/kernel', version: KERNEL_FORM, kernel: record };
}

/** What to do about a file that is not a fact file. */
export const KERNEL_HINT = 'write one with: dachs audit TREE --facts -o FILE.json';

/** Reads the file form; names the first part that is not as it must be. */
export function kernelFromJson(text: string, where: string): Result<Kernel> {
  const nested = depthOf(text) > MAX_DEPTH;
  if (nested)
    return fail({ what: `nests deeper than ${MAX_DEPTH} levels`, where, hint: KERNEL_HINT });
  const json = jsonFrom(text, where, KERNEL_HINT);
  if (!json.ok) return json;
  const checked = v.safeParse(kernelFileSchema, json.value);
  if (checked.success) return ok(checked.output.kernel);
  const [issue] = checked.issues;
  const place = v.getDotPath(issue) ?? 'the file';
  return fail({
    what: `not a kernel fact file: ${place}: ${issue.message}`,
    where,
    hint: KERNEL_HINT,
  });
}

/** Levels of brackets that a fact file may have: its predicates are read by recursion. */
const MAX_DEPTH = 500;

// Brackets in strings count as well: that errs towards a refusal, of strings that nobody writes.
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[{}\]]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
