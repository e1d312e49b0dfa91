// Findings that are known: a baseline names them in a way that lasts while lines move. Nothing in
// it is a line: not the place, and not the numbers within the message.

import { at, hashOf } from '../base/index.ts';
import type { Finding } from './finding.ts';

/** What a finding is known by. */
export interface KnownFinding {
  readonly type: Finding['type'];
  readonly file: string;
  /** The function that it is about; absent where it is about none. */
  readonly function?: string;
  /** Its message with every line number written `N`. */
  readonly message: string;
  /** Which of the findings that are the same in all of this it is, by their lines, from 0. */
  readonly ordinal: number;
}

/** A finding, and whether a baseline names it. */
export interface HeldFinding {
  readonly finding: Finding;
  readonly by: KnownFinding;
  readonly known: boolean;
}

/** The findings of an audit held against a baseline. */
export interface Held {
  readonly findings: readonly HeldFinding[];
  /** Entries of the baseline that no finding is any more, in the order of the baseline. */
  readonly stale: readonly KnownFinding[];
}

/** What each finding is known by; the findings stand in the order of their places. */
export function knownBy(findings: readonly Finding[]): readonly KnownFinding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { type, place, message } = finding;
    const entry: KnownFinding = {
      type,
      file: place.file,
      ...(finding.function === undefined ? {} : { function: finding.function }),
      message: withoutLines(message),
      ordinal: 0,
    };
    const key = keyOf(entry);
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return { ...entry, ordinal };
  });
}

/** A stable name of 16 hexadecimal digits for what a finding is known by. */
export function fingerprintOf(entry: KnownFinding): string {
  return hashOf(keyOf(entry));
}

/** Holds findings against a baseline; each entry makes at most one finding known. */
export function heldAgainst(findings: readonly Finding[], baseline: readonly KnownFinding[]): Held {
  const entries = new Set(baseline.map(keyOf));
  const by = knownBy(findings);
  const found = new Set(by.map(keyOf));
  return {
    findings: findings.map((finding, i) => {
      const own = at(by, i);
      return { finding, by: own, known: entries.has(keyOf(own)) };
    }),
    stale: baseline.filter((entry) => !found.has(keyOf(entry))),
  };
}

function keyOf({ type, file, function: name, message, ordinal }: KnownFinding): string {
  return JSON.stringify([type, file, name ?? '', message, ordinal]);
}

// `line 12`, `lines 3 and 4`, `super.c:450`, `super.c:450:9`.
function withoutLines(message: string): string {
  return message
    .replace(/\blines? \d+(?:(?:, | and |-)\d+)*/g, 'line N')
    .replace(/(?<=[\w/]):\d+(?::\d+)?/g, ':N');
}
