// JSON text -> a value of which nothing is known yet.

import { fail, ok, type Result } from '../base/index.ts';

/** Parses the text; the Problem of what is no JSON names `where` and hints at `hint`. */
export function jsonFrom(text: string, where: string, hint: string): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail({ what: `not JSON: ${reason}`, where, hint });
  }
}
