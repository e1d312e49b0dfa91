// dachs conf: behaves like the conf of a kernel tree. Its arguments are conf's own, so they do not
// go through the parser of the other commands.

import { runFront } from '../../audit/index.ts';
import { confHost, stdinLines } from '../../host/index.ts';

/** Runs conf with the arguments behind its name; the exit status is conf's. */
export function confCommand(args: readonly string[]): number {
  const nextLine = stdinLines();
  const run = runFront(args, confHost('dachs conf'));
  for (let step = run.next(); ; step = run.next(nextLine())) {
    process.stderr.write(step.value.stderr, 'latin1');
    process.stdout.write(step.value.stdout, 'latin1');
    if (step.done) return step.value.status;
  }
}
