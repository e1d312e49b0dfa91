// Files of C as the threads of an audit of error pointers read them.

import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { maxTextBytes } from '../audit/index.ts';
import { reasonOf } from './reason.ts';

/** The bytes of a file, or why they are not read. */
export function bytesOf(root: string, file: string): Buffer | string {
  try {
    const full = path.join(root, file);
    if (statSync(full).size > maxTextBytes) return 'larger than 16 MiB';
    const bytes = readFileSync(full);
    return bytes.includes(0) ? 'not a text file: it contains a NUL byte' : bytes;
  } catch (error) {
    return `cannot be read: ${reasonOf(error)}`;
  }
}
