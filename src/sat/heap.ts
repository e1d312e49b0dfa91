// The variables by falling activity; equal ones by number, so that runs repeat to the byte.

import { at } from '../base/index.ts';

/** A binary heap of variable numbers whose keys grow while they are in it. */
export class ActivityHeap {
  private items = new Int32Array(64);
  /** Place of a variable in `items`; -1 where it is not in the heap. */
  private places = new Int32Array(64).fill(-1);
  private activity = new Float64Array(64);
  private size = 0;
  private step = 1;

  /** Makes room for variables below `count`. */
  grow(count: number): void {
    if (count <= this.places.length) return;
    const length = Math.max(count, this.places.length * 2);
    const places = new Int32Array(length).fill(-1);
    places.set(this.places);
    const items = new Int32Array(length);
    items.set(this.items);
    const activity = new Float64Array(length);
    activity.set(this.activity);
    this.places = places;
    this.items = items;
    this.activity = activity;
  }

  insert(variable: number): void {
    if (at(this.places, variable) >= 0) return;
    this.items[this.size] = variable;
    this.places[variable] = this.size;
    this.size += 1;
    this.up(this.size - 1);
  }

  /** Takes the most active variable out; -1 where the heap is empty. */
  pop(): number {
    if (this.size === 0) return -1;
    const top = at(this.items, 0);
    this.size -= 1;
    const last = at(this.items, this.size);
    this.places[top] = -1;
    if (this.size > 0) {
      this.items[0] = last;
      this.places[last] = 0;
      this.down(0);
    }
    return top;
  }

  /** Makes a variable more active. */
  bump(variable: number): void {
    const value = at(this.activity, variable) + this.step;
    this.activity[variable] = value;
    if (value > 1e100) this.rescale();
    const place = at(this.places, variable);
    if (place >= 0) this.up(place);
  }

  /** Lets all that was bumped so far weigh less from here on. */
  decay(): void {
    this.step /= 0.95;
  }

  private rescale(): void {
    for (let index = 0; index < this.activity.length; index += 1) {
      this.activity[index] = at(this.activity, index) * 1e-100;
    }
    this.step *= 1e-100;
  }

  private before(a: number, b: number): boolean {
    const left = at(this.activity, a);
    const right = at(this.activity, b);
    return left > right || (left === right && a < b);
  }

  private up(start: number): void {
    const variable = at(this.items, start);
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = at(this.items, parent);
      if (!this.before(variable, other)) break;
      this.items[place] = other;
      this.places[other] = place;
      place = parent;
    }
    this.items[place] = variable;
    this.places[variable] = place;
  }

  private down(start: number): void {
    const variable = at(this.items, start);
    let place = start;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.before(at(this.items, child + 1), at(this.items, child))) {
        child += 1;
      }
      const other = at(this.items, child);
      if (!this.before(other, variable)) break;
      this.items[place] = other;
      this.places[other] = place;
      place = child;
    }
    this.items[place] = variable;
    this.places[variable] = place;
  }
}
