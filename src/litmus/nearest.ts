// The nearest known word, for hints on mistyped names.

/** Up to three known words near `word`: those it begins, then those few typing errors away. */
export function nearest(word: string, known: Iterable<string>): readonly string[] {
  if (word === '' || word.length > 40) return [];
  const limit = word.length < 2 ? 0 : Math.max(1, Math.min(3, Math.floor(word.length / 3)));
  const lower = word.toLowerCase();
  return [...new Set(known)]
    .map((candidate) => ({ candidate, far: farness(lower, candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= limit && candidate !== word)
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `did you mean x or y?`, or the whole list where nothing is near. */
export function suggestion(word: string, known: Iterable<string>, plural: string): string {
  const all = [...new Set(known)];
  const near = nearest(word, all);
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
  return all.length === 0 ? `there are no ${plural} here` : `${plural}: ${all.join(', ')}`;
}

function farness(word: string, candidate: string): number {
  return word.length > 2 && candidate.startsWith(word) ? 0 : distance(word, candidate);
}

// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
function distance(a: string, b: string): number {
  let older: readonly number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a.charAt(i - 1) === b.charAt(j - 1);
      const swapped =
        i > 1 &&
        j > 1 &&
        a.charAt(i - 1) === b.charAt(j - 2) &&
        a.charAt(i - 2) === b.charAt(j - 1);
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (older[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    older = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
