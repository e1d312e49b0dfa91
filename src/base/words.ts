// Indexing that keeps its element type without a test in hot loops: the only casts of the core.

/** `array[index]`; the caller guarantees that the index is in range. */
export function at<T>(array: { readonly [index: number]: T }, index: number): T {
  return array[index] as T;
}
