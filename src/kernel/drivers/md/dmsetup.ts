// dmsetup(8): the commands with which recordings and users make, change and remove mapped devices,
// with the tool's own texts.

import type { Linux } from '../../linux.ts';

/** What a tool printed, and its exit status. */
export interface ToolAnswer {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `dmsetup argv`; `stdin` is the table where argv has none. */
export function dmsetup(_linux: Linux, argv: readonly string[], _stdin: string): ToolAnswer {
  return { rc: 1, stdout: '', stderr: `Unknown command: ${argv.join(' ')}` };
}
