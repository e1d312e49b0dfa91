// What was learnt of the files of a tree, kept by their content: a later audit reads what changed.
// One file for each folder that was audited. Its first line says what made it and the digest of
// the rest; a file of another version, or a damaged one, counts for nothing.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Goes up with every change of what is read in a text or learnt of a function. */
const FORM = 'dachs errptr 7';

/** What is kept of one content: a scan, and facts of functions by their index, all as JSON. */
export interface CacheEntry {
  readonly scan: string;
  readonly facts: Map<number, string>;
}

/** Entries by the digest of the content. */
export type ErrptrCache = Map<string, CacheEntry>;

/** DACHS_CACHE, or dachs in the user's cache. */
export function errptrCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  return path.join(env['DACHS_CACHE'] || path.join(base, 'dachs'), 'errptr');
}

/** The file that keeps what is learnt of the tree at `root`. */
export function errptrCacheFile(folder: string, root: string): string {
  return path.join(folder, `${digest(path.resolve(root)).slice(0, 16)}.txt`);
}

/** Digest of a content. */
export function digest(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('hex');
}

/** The entries of a cache file; none where it is not there, or not as it was written. */
export function readCache(file: string): ErrptrCache {
  const cache: ErrptrCache = new Map();
  const text = textOf(file);
  const end = text.indexOf('\n');
  if (end < 0) return cache;
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== head(body)) return cache;
  for (const line of body.split('\n')) {
    const [key, scan, ...facts] = line.split('\t');
    if (key === undefined || scan === undefined) continue;
    const known = new Map<number, string>();
    for (let i = 0; i + 1 < facts.length; i += 2) known.set(Number(facts[i]), facts[i + 1] ?? '');
    cache.set(key, { scan, facts: known });
  }
  return cache;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function head(body: string): string {
  return `${FORM} ${reader()} ${digest(body)}`;
}

/** Digest of the program that reads: another one may learn something else of the same text. */
function reader(): string {
  try {
    return digest(readFileSync(new URL('./errptr-worker.js', import.meta.url)));
  } catch {
    return 'source';
  }
}

/** Keeps the entries, in one move; false where that is not possible, and nothing is lost. */
export function writeCache(file: string, cache: ErrptrCache): boolean {
  const lines = [...cache.entries()].map(([key, { scan, facts }]) => {
    const known = [...facts.entries()].sort((a, b) => a[0] - b[0]);
    return [key, scan, ...known.flatMap(([index, text]) => [String(index), text])].join('\t');
  });
  const body = lines.sort().join('\n');
  const fresh = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(fresh, `${head(body)}\n${body}`);
    renameSync(fresh, file);
    return true;
  } catch {
    removed(fresh);
    return false;
  }
}

function removed(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its folder is not one: there is nothing to remove.
  }
}
