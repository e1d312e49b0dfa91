// Files that a user names and that Dachs itself once wrote: read whole, up to a limit.

import { readFileSync, statSync } from 'node:fs';
import { fail, ok, type Result } from '../base/index.ts';
import { reasonOf } from './reason.ts';

/** Bytes above which a file is refused unread; the largest answer of ours is a few MiB. */
const maxFileBytes = 64 * 1024 * 1024;

/** Text of a file; `what` names the kind in the Problem, e.g. `fact file`. */
export function readTextFile(file: string, what: string, hint: string): Result<string> {
  const refused = (why: string): Result<string> =>
    fail({ what: `cannot read the ${what}: ${why}`, where: file, hint });
  try {
    const { size } = statSync(file);
    if (size > maxFileBytes)
      return refused(`${size} bytes, more than ${maxFileBytes} are not read`);
    return ok(readFileSync(file, 'utf8'));
  } catch (error) {
    return refused(reasonOf(error));
  }
}
