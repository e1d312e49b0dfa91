// Which engine and which reductions a command searches with.

import { ok, type Result } from '../base/index.ts';
import { explore } from '../explore/index.ts';
import type { Searcher } from '../verdict/index.ts';

/** Options that choose the search, as they were typed. */
export interface SearchOptions {
  readonly reduce?: string;
  readonly jobs?: string;
}

/** The search that the options ask for. */
export async function searcher(_options: SearchOptions): Promise<Result<Searcher>> {
  return ok(({ system, question }, bounds) => explore(system, question, bounds));
}
