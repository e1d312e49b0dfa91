// Why the operating system refused a file, in words that are the same on every run.

/** `no such file or directory` out of the longer message of Node; other errors as they are. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, reason] = /^E[A-Z0-9]+: ([^,]+)/.exec(error.message) ?? [];
  return reason ?? error.message;
}
