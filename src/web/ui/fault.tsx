// What is shown where something is wrong: with an input, or with Dachs.

import type { Problem } from '../../base/index.ts';

/** A fault of ours: the sentence that a report should quote. */
export function Fault({ message }: { readonly message: string }) {
  return (
    <p role="alert" class="fault">
      A fault of Dachs: {message}. Please report this line, and the address of this page.
    </p>
  );
}

/** Problems of an input, each with its place and hint. */
export function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const all = problems.flatMap((one) => [one, ...(one.others ?? [])]);
  return (
    <ul role="alert" class="problems">
      {all.map(({ what, where, hint }, i) => (
        <li key={i}>
          {where === undefined ? null : <code>{where}</code>} {what}
          <Hint after={what} hint={hint} />
        </li>
      ))}
    </ul>
  );
}

/** What to do about a problem, behind the sentence that tells it. */
export function Hint({
  after,
  hint,
}: {
  readonly after: string;
  readonly hint?: string | undefined;
}) {
  if (hint === undefined) return null;
  return (
    <>
      {/[.!?]$/.test(after) ? ' ' : '. '}
      <span class="hint">Hint: {hint}</span>
    </>
  );
}
