// A set of rows of whole numbers, each kept once, in the order in which they came.

/** Rows of one length, told apart by a hash table with open addressing. */
export class Rows {
  readonly #width: number;
  #words: Int32Array;
  /** Numbers of rows, plus one; 0: free. */
  #slots = new Int32Array(1024);
  #count = 0;
  constructor(width: number) {
    this.#width = width;
    this.#words = new Int32Array(width * 256);
  }

  get count(): number {
    return this.#count;
  }

  /** Copies the row of a number to `to`. */
  read(row: number, to: Int32Array): void {
    const start = row * this.#width;
    for (let i = 0; i < this.#width; i++) to[i] = this.#words[start + i] ?? 0;
  }

  /** Adds a row; false where it is there already. */
  add(row: Int32Array): boolean {
    const mask = this.#slots.length - 1;
    let slot = hashOf(row) & mask;
    for (let found = this.#slots[slot] ?? 0; found !== 0; found = this.#slots[slot] ?? 0) {
      if (this.#isRow(found - 1, row)) return false;
      slot = (slot + 1) & mask;
    }
    if ((this.#count + 1) * this.#width > this.#words.length) {
      const larger = new Int32Array(this.#words.length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words.set(row, this.#count * this.#width);
    this.#count += 1;
    this.#slots[slot] = this.#count;
    if (this.#count * 2 > this.#slots.length) this.#grow();
    return true;
  }

  #isRow(number: number, row: Int32Array): boolean {
    const start = number * this.#width;
    for (let i = 0; i < this.#width; i++) if (this.#words[start + i] !== row[i]) return false;
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    const mask = this.#slots.length - 1;
    const row = new Int32Array(this.#width);
    for (let number = 0; number < this.#count; number++) {
      this.read(number, row);
      let slot = hashOf(row) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}

function hashOf(row: Int32Array): number {
  let hash = 0x811c9dc5;
  for (const word of row) hash = Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
  return (hash ^ (hash >>> 16)) >>> 0;
}
