// mmap() and munmap().

import { assert } from '../../base/index.ts';
import type { File } from '../include/linux/fs.ts';
import type { MapType, Vma, MmStruct } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** What mmap() is asked for. Offset, length and address in bytes. */
export interface MmapRequest {
  /** Absent: anonymous memory. */
  readonly file?: File;
  readonly offset: number;
  readonly length: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly exec?: boolean;
  readonly type: MapType;
  /** MAP_SYNC. */
  readonly sync?: boolean;
  /** MAP_POPULATE. */
  readonly populate?: boolean;
  /** MAP_FIXED at this address. */
  readonly address?: number;
}

/** Maps a file or anonymous memory: the address, or an error number. */
export function* do_mmap(task: Task, request: MmapRequest): Op<number> {
  void task;
  void request;
  assert(false, 'not written yet');
}

/** Unmaps a range of addresses: 0 or an error number. */
export function* do_munmap(task: Task, start: number, length: number): Op<number> {
  void task;
  void start;
  void length;
  assert(false, 'not written yet');
}

/** The line VmFlags of /proc/PID/smaps. */
export function vmFlagsText(vma: Vma): string {
  void vma;
  assert(false, 'not written yet');
}

/** The mapping at an address, or the next one above it. */
export function* find_vma(mm: MmStruct, address: number): Op<Vma | undefined> {
  void mm;
  void address;
  assert(false, 'not written yet');
}
