// Reads that may wait for ever: of a terminal, of a pipe that nobody writes to.

/**
 * Runs `read`, in which Ctrl-C ends the process at once, by the signal itself: while the program
 * waits in the operating system it hears no event, so whoever listens for SIGINT would be deaf.
 */
export function untilInterrupted<T>(read: () => T): T {
  const deaf = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT');
  try {
    return read();
  } finally {
    for (const listener of deaf) process.on('SIGINT', listener);
  }
}
