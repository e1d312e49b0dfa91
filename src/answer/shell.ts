// Words of a command line that somebody will paste.

/** The word as a shell reads it back: in single quotes where it has more than plain characters. */
export function forShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
