// An option that has no meaning for what was asked is refused, not passed over.

import { fail, type Result } from '../base/index.ts';

/** A Problem for the first of `names` that was typed, or nothing. `subject`: what was asked. */
export function unused<T extends object>(
  options: T,
  names: readonly (keyof T & string)[],
  subject: string,
): Result<never> | undefined {
  const typed = names.find((name) => options[name] !== undefined);
  if (typed === undefined) return undefined;
  return fail({ what: `--${dashed(typed)} has no meaning with ${subject}`, hint: 'leave it out' });
}

// writeBaseline -> write-baseline.
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
