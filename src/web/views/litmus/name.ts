// The name that a test gives itself.

/** What stands behind `DAX` on the first line; `test` where nothing does. */
export function nameIn(text: string): string {
  return /^\s*DAX\s+([\w+\-.:]+)/.exec(text)?.[1] ?? 'test';
}
