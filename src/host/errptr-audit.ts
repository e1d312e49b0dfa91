// An audit of error pointers of a folder: threads read and walk, a cache keeps what they learn.

import { resolve } from 'node:path';
import {
  auditErrptr,
  type ErrptrAudit,
  type FunctionFacts,
  type Scanned,
  type WalkRequest,
} from '../audit/index.ts';
import { at, InvariantError } from '../base/index.ts';
import {
  type CacheEntry,
  type ErrptrCache,
  errptrCacheFile,
  readCache,
  writeCache,
} from './errptr-cache.ts';
import { bytesOf } from './errptr-files.ts';
import { type ErrptrJob, ErrptrThreads, type FileFunctions } from './errptr-threads.ts';
import { cSources } from './file-tree.ts';
import type { Progress } from './progress.ts';

/** How an audit is run; without a `cache` folder nothing is kept. */
export interface ErrptrOptions {
  readonly jobs: number;
  readonly cache: string | undefined;
  readonly progress: Progress['step'];
}

/** Audits the tree in the folder `path`, which exists. */
export async function auditErrptrOf(path: string, options: ErrptrOptions): Promise<ErrptrAudit> {
  const run = new Run(resolve(path), options);
  try {
    return await auditErrptr({
      tree: path,
      scan: () => run.scan(),
      walk: (requests) => run.walk(requests),
      text: (file) => run.text(file),
    });
  } finally {
    await run.end();
  }
}

/** Files and functions that a thread is given at once: it must not wait after each. */
const filesAtOnce = 200;
const functionsAtOnce = 100;

class Run {
  readonly root: string;
  readonly options: ErrptrOptions;
  readonly threads: ErrptrThreads;
  readonly cacheFile: string | undefined;
  readonly before: ErrptrCache;
  /** What is of this tree: the rest of the cache is forgotten. */
  readonly entries: ErrptrCache = new Map();
  readonly digests = new Map<string, string>();
  isChanged = false;

  constructor(root: string, options: ErrptrOptions) {
    this.root = root;
    this.options = options;
    this.threads = new ErrptrThreads(root, options.jobs);
    const { cache } = options;
    this.cacheFile = cache === undefined ? undefined : errptrCacheFile(cache, root);
    this.before = this.cacheFile === undefined ? new Map() : readCache(this.cacheFile);
  }

  async end(): Promise<void> {
    await this.threads.end();
    if (this.cacheFile === undefined) return;
    if (this.isChanged) writeCache(this.cacheFile, this.entries);
  }

  text(path: string): string {
    const bytes = bytesOf(this.root, path);
    return typeof bytes === 'string' ? '' : bytes.toString('utf8');
  }

  async scan() {
    const paths = cSources(this.root);
    const complaints = new Map<string, string>();
    const isWarm = this.before.size > 0;
    await this.read(paths, !isWarm, complaints);
    const unknown = paths.filter((path) => {
      const key = this.digests.get(path);
      return key !== undefined && !this.entries.has(key);
    });
    if (unknown.length > 0) await this.read(unknown, true, complaints);
    return paths.map((path) => {
      const entry = this.entryOf(path);
      if (entry === undefined) return { path, why: complaints.get(path) ?? 'not read' };
      return { path, scanned: scannedFrom(entry.scan) };
    });
  }

  async read(paths: readonly string[], scans: boolean, complaints: Map<string, string>) {
    const jobs: ErrptrJob[] = pieces(paths, filesAtOnce).map((piece) => {
      return { kind: 'read', paths: piece, scans };
    });
    const answers = await this.run(jobs, scans ? 'files: functions' : 'files: what changed');
    const flat = answers.flat();
    for (const [i, path] of paths.entries()) {
      const [key = '', scan = '', why = ''] = flat.slice(3 * i, 3 * i + 3);
      if (why !== '') complaints.set(path, why);
      else this.learn(path, key, scan);
    }
  }

  learn(path: string, key: string, scan: string): void {
    this.digests.set(path, key);
    if (this.entries.has(key)) return;
    const known = this.before.get(key);
    if (known !== undefined) this.entries.set(key, known);
    else if (scan !== '') {
      this.entries.set(key, { scan, facts: new Map() });
      this.isChanged = true;
    }
  }

  entryOf(path: string): CacheEntry | undefined {
    return this.entries.get(this.digests.get(path) ?? '');
  }

  async walk(requests: readonly WalkRequest[]): Promise<readonly FunctionFacts[]> {
    const fresh = requests.filter(({ path, index }) => {
      return this.entryOf(path)?.facts.has(index) !== true;
    });
    const parts = pieces(fresh, functionsAtOnce);
    const jobs: ErrptrJob[] = parts.map((part) => ({ kind: 'walk', files: byFile(part) }));
    const answers = (await this.run(jobs, 'functions')).flat();
    for (const [i, { path, index }] of fresh.entries()) {
      this.entryOf(path)?.facts.set(index, at(answers, i));
      this.isChanged = true;
    }
    return requests.map(({ path, index }) => factsFrom(this.entryOf(path)?.facts.get(index) ?? ''));
  }

  run(jobs: readonly ErrptrJob[], label: string): Promise<readonly (readonly string[])[]> {
    return this.threads.run(jobs, (done) => this.options.progress(done, jobs.length, label));
  }
}

function pieces<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** Requests that follow each other in one file, together. */
function byFile(requests: readonly WalkRequest[]): readonly FileFunctions[] {
  const files: { path: string; functions: WalkRequest[] }[] = [];
  for (const request of requests) {
    const last = files.at(-1);
    if (last?.path === request.path) last.functions.push(request);
    else files.push({ path: request.path, functions: [request] });
  }
  return files;
}

// The digest of the cache says that these are the texts that were written.
function scannedFrom(json: string): Scanned {
  const value: unknown = JSON.parse(json);
  if (isScanned(value)) return value;
  throw new InvariantError('the cache holds no scan where there should be one');
}

function isScanned(value: unknown): value is Scanned {
  return typeof value === 'object' && value !== null && 'functions' in value && 'aliases' in value;
}

function factsFrom(json: string): FunctionFacts {
  const value: unknown = JSON.parse(json);
  if (isFacts(value)) return value;
  throw new InvariantError('a function has no facts');
}

function isFacts(value: unknown): value is FunctionFacts {
  return typeof value === 'object' && value !== null && 'returns' in value && 'uses' in value;
}
