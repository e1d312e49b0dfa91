// dachs matrix: machines under kernels, or scenarios and remedies over cache kinds.

import { type Answer, matrixAnswer, scenarioTableAnswer } from '../../answer/index.ts';
import { ok, type Result } from '../../base/index.ts';
import { parseBound } from '../bound.ts';
import { selectKernels, selectMachines } from '../selection.ts';
import { unused } from '../unused.ts';

/** Options of `dachs matrix` as they were typed; lists are comma separated. */
export interface MatrixOptions {
  readonly by: 'cpus' | 'scenarios' | 'remedies';
  readonly kernel?: string;
  readonly arch?: string;
  readonly machine?: string;
  readonly bound?: string;
  readonly json?: boolean;
  /** Of --by stack alone. */
  readonly driver?: string;
  readonly fs?: string;
  readonly option?: string;
  readonly verdict?: string;
  readonly summary?: boolean;
}

/** The matrix that was asked for; findings (exit 1) are faults a user can reach. */
export function matrixCommand(options: MatrixOptions): Result<Answer> {
  const stack = unused(options, STACK, `--by ${options.by}: it is for --by stack`);
  if (stack) return stack;
  const bounds = parseBound(options.bound);
  if (!bounds.ok) return bounds;
  const asked = { bounds: bounds.value, form: options.json ? 'json' : 'text' } as const;
  if (options.by !== 'cpus') {
    const idle = unused(options, ['kernel', 'arch', 'machine'], `--by ${options.by}`);
    if (idle) return idle;
    return ok(scenarioTableAnswer(options.by, asked));
  }
  const kernels = selectKernels(options.kernel);
  if (!kernels.ok) return kernels;
  const machines = selectMachines(options.machine, options.arch);
  if (!machines.ok) return machines;
  return ok(matrixAnswer(machines.value, kernels.value, asked));
}

const STACK = ['driver', 'fs', 'option', 'verdict', 'summary'] as const;
