// The C library's random numbers, so that a seed means the same configuration as for conf.
// @source glibc stdlib/random_r.c, TYPE_3: an additive feedback generator of degree 31

/** A generator as srand(seed) leaves it: each call gives the next rand(), 0 to 2^31 - 1. */
export function createRand(seed: number): () => number {
  const state = new Int32Array(34);
  let word = seed >>> 0 === 0 ? 1 : seed | 0;
  state[0] = word;
  for (let i = 1; i < 31; i += 1) {
    const high = Math.trunc(word / 127773);
    const low = word % 127773;
    word = 16807 * low - 2836 * high;
    if (word < 0) word += 2147483647;
    state[i] = word;
  }
  const ring = new Uint32Array(31);
  for (let i = 0; i < 31; i += 1) ring[i] = state[i] ?? 0;
  let front = 3;
  let rear = 0;
  const next = (): number => {
    const sum = ((ring[front] ?? 0) + (ring[rear] ?? 0)) >>> 0;
    ring[front] = sum;
    front = (front + 1) % 31;
    rear = (rear + 1) % 31;
    return sum >>> 1;
  };
  for (let i = 0; i < 310; i += 1) next();
  return next;
}
