// The first page of the engine's memory: what all workers of one search know of it. Word numbers,
// 32 bits each; the code that WebAssembly runs and the driver around it use the same ones.

/** Words of the control page. Those from `lock` to `failed` steer the workers. */
export const control = {
  /** 1 while someone changes the heap, the ranges or the claims. */
  lock: 0,
  /** Counts phases; a worker that waits sleeps on it. */
  generation: 1,
  /** Workers that take part in this phase: those with a smaller id. */
  participants: 2,
  /** How many of them, the first one aside, have ended the phase. */
  arrived: 3,
  /** Workers that are ready to take part from the next phase on. */
  applicants: 4,
  /** What is done in this phase: see `phase`. */
  phase: 5,
  /** What went wrong in this phase: see `failure`. */
  failed: 6,
  /** The directory: addresses of the table's segments. */
  directory: 7,
  /** Segments of the table, as a power of two. */
  directoryLog: 8,
  /** States found so far. */
  states: 9,
  /** At this many states every worker pauses; 0 makes them pause at once. */
  limit: 10,
  /** First byte never given out; in bytes, as all that follows. */
  heapTop: 11,
  pages: 12,
  mostPages: 13,
  /** 1 once a state was seen that satisfies the question. */
  seen: 14,
  rangeCount: 15,
  /** The next range to claim, the one to stop before, and the next row in it (0: its first). */
  claimRange: 16,
  claimEnd: 17,
  claimRow: 18,
  /** Slots of a segment, as a power of two. */
  segmentLog: 114,
  /** The level of the states that this phase finds, as the table keeps it. */
  level: 115,
  /** The first of the free blocks, each of which holds the address of the next; 0 for none. */
  freeBlock: 116,
  /** The next range whose room can be given back, and the one to stop before. */
  releaseNext: 117,
  releaseEnd: 118,
  /** The directory of an old table, and its segments not yet split: the next, and how many. */
  oldDirectory: 125,
  oldNext: 126,
  oldEnd: 127,
  /** Regions given back: their number, then start and end of each. */
  freeCount: 19,
  free: 20,
  /** Blocks of the list of ranges, each twice as long as the one before. */
  rangeBlocks: 84,
  /** Enabled actions met so far: a 64-bit floating point number. */
  made: 112,
  /** From here four words a worker: its set's base and slots, 1 + the range claimed or 0. */
  workers: 128,
} as const;

/** What workers do in a phase. */
export const phase = { look: 1, expand: 2, rehash: 3, done: 4 } as const;

/** Why a phase could not be ended: out of memory, or a fault in the system. */
export const failure = { none: 0, memory: 1, trap: 2 } as const;

/** At most so many workers; the control page has room for their records. */
export const mostWorkers = 64;

/** Regions that can wait to be used again. */
export const mostFree = 32;

/** Bytes of the control page. */
export const controlBytes = 4096;
