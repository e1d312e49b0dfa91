// What the matrix view asks of the engine.

/** The stacks of one kernel. */
export interface StackAsk {
  readonly kernel: string;
}

/** The same bytes as `dachs matrix --by stack --kernel K`. */
export interface StackAnswer {
  readonly text: string;
}
