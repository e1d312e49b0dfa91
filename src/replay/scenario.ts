// Recorded scenarios of real kernels: one JSON object a line, with the operations and what each
// came to. The format is described in docs/reference/replay.md.

import { type Problem, type Result, fail, ok } from '../base/index.ts';
import type { OutcomeValue, RawArgs } from '../user/index.ts';

/** One operation of a scenario and what a real kernel answered. */
export interface RecordedStep {
  readonly op: string;
  readonly args: RawArgs;
  /** Absent where the step was not run. */
  readonly expect?: Readonly<Record<string, OutcomeValue>>;
  /** Why the recorder did not run it. */
  readonly skipped?: string;
  /** The answer depends on reused kernel memory: no model is held to it. */
  readonly unstable?: boolean;
  /** The kernel oopsed in this step. */
  readonly kernel_oops?: boolean;
}

/** A sequence of operations on a fresh machine. */
export interface RecordedScenario {
  readonly id: string;
  /** Release as `uname -r` and more gave it. */
  readonly kernel: string;
  readonly arch: string;
  /** `open`, or `refused:ERRNO`: alloc_dax() was made to fail. */
  readonly gate: string;
  readonly group: string;
  readonly steps: readonly RecordedStep[];
  /** The kernel oopsed in the last step. */
  readonly kernel_oops: boolean;
  /** `file:line` of the recording. */
  readonly where: string;
}

/** A line longer than this is no scenario: in characters. */
const LINE_LIMIT = 4_000_000;
/** Operations of one scenario at most. */
const STEP_LIMIT = 10_000;

/** The scenario of one line; `where` is its `file:line`. */
export function parseScenario(line: string, where: string): Result<RecordedScenario> {
  if (line.length > LINE_LIMIT) {
    return fail({ what: `a line of ${line.length} characters is no scenario`, where });
  }
  const parsed = parseJson(line, where);
  if (!parsed.ok) return parsed;
  const raw = parsed.value;
  if (!isRecord(raw)) return fail(notScenario('a scenario is a JSON object', where));
  const { id, kernel, steps } = raw;
  if (typeof id !== 'string') return fail(notScenario(`a scenario needs an 'id'`, where));
  if (typeof kernel !== 'string') return fail(notScenario(`'kernel' of ${id} is no text`, where));
  if (!Array.isArray(steps)) return fail(notScenario(`'steps' of ${id} is no list`, where));
  if (steps.length > STEP_LIMIT) {
    return fail(notScenario(`${id} has more than ${STEP_LIMIT} steps`, where));
  }
  const read: RecordedStep[] = [];
  for (const [index, step] of steps.entries()) {
    const result = readStep(step, `${id}, step ${index + 1}`, where);
    if (!result.ok) return result;
    read.push(result.value);
  }
  return ok({
    id,
    kernel,
    arch: textOr(raw['arch'], 'x86_64'),
    gate: textOr(raw['gate'], 'open'),
    group: textOr(raw['group'], ''),
    steps: read,
    kernel_oops: raw['kernel_oops'] === true,
    where,
  });
}

function readStep(raw: unknown, name: string, where: string): Result<RecordedStep> {
  if (!isRecord(raw)) return fail(notScenario(`${name} is no JSON object`, where));
  const { op, args = {}, expect } = raw;
  if (typeof op !== 'string') return fail(notScenario(`${name} has no 'op'`, where));
  if (!isRecord(args)) return fail(notScenario(`'args' of ${name} is no JSON object`, where));
  const expected = expect === undefined ? ok(undefined) : readExpect(expect, name, where);
  if (!expected.ok) return expected;
  return ok({
    op,
    args,
    ...(expected.value === undefined ? {} : { expect: expected.value }),
    ...(typeof raw['skipped'] === 'string' ? { skipped: raw['skipped'] } : {}),
    ...(raw['unstable'] === undefined ? {} : { unstable: raw['unstable'] !== false }),
    ...(raw['kernel_oops'] === undefined ? {} : { kernel_oops: raw['kernel_oops'] !== false }),
  });
}

function readExpect(
  raw: unknown,
  name: string,
  where: string,
): Result<Readonly<Record<string, OutcomeValue>>> {
  if (!isRecord(raw)) return fail(notScenario(`'expect' of ${name} is no JSON object`, where));
  const values: Record<string, OutcomeValue> = {};
  for (const [key, value] of Object.entries(raw)) {
    // A list or an object can be told and compared as the text that it is.
    values[key] = isOutcomeValue(value) ? value : JSON.stringify(value);
  }
  return ok(values);
}

function parseJson(line: string, where: string): Result<unknown> {
  try {
    return ok(JSON.parse(line));
  } catch {
    return fail(notScenario('the line is no JSON', where));
  }
}

function notScenario(what: string, where: string): Problem {
  return {
    what,
    where,
    hint: 'a recording has one JSON object a line with id, kernel, gate and steps',
  };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOutcomeValue(value: unknown): value is OutcomeValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
