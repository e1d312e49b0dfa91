// dachs matrix: machines under kernels, or scenarios and remedies over cache kinds.

import { ok, type Result } from '../../base/index.ts';
import { matrixOf, scenarioTable, truthTeller } from '../../matrix/index.ts';
import {
  matrixRecord,
  matrixText,
  scenarioTableRecord,
  scenarioTableText,
} from '../../report/index.ts';
import { parseBound } from '../bound.ts';
import { EXIT, jsonText } from '../output.ts';
import { selectKernels, selectMachines } from '../selection.ts';
import { unused } from '../unused.ts';
import { type Answer } from './answer.ts';

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
  if (options.by !== 'cpus') {
    const idle = unused(options, ['kernel', 'arch', 'machine'], `--by ${options.by}`);
    if (idle) return idle;
    const table = scenarioTable(options.by, bounds.value);
    const text = options.json ? jsonText(scenarioTableRecord(table)) : scenarioTableText(table);
    const cutOff = table.rows.some((row) => row.cells.some((c) => c.observation === 'bound'));
    return ok({ text, exit: cutOff ? EXIT.bound : EXIT.asExpected });
  }
  const kernels = selectKernels(options.kernel);
  if (!kernels.ok) return kernels;
  const machines = selectMachines(options.machine, options.arch);
  if (!machines.ok) return machines;
  const matrix = matrixOf(machines.value, kernels.value, truthTeller(bounds.value));
  if (matrix.rows.length === 0 && !options.json) {
    const text = 'nothing to judge: no machine is in both --machine and --arch\n';
    return ok({ text, exit: EXIT.nothingToCheck });
  }
  const cells = matrix.rows.flatMap((row) => row.cells);
  const faults = cells.filter((c) => FAULTS.has(c.verdict.word));
  const faulty = faults.some((c) => c.verdict.latent === false);
  const cutOff =
    matrix.rows.some((row) => row.truth.coherent === undefined) ||
    faults.some((c) => c.verdict.latent === 'unknown');
  return ok({
    text: options.json ? jsonText(matrixRecord(matrix)) : matrixText(matrix),
    exit: exitOf({ empty: matrix.rows.length === 0, cutOff, faulty }),
  });
}

function exitOf(found: { empty: boolean; cutOff: boolean; faulty: boolean }): number {
  if (found.empty) return EXIT.nothingToCheck;
  if (found.faulty) return EXIT.findings;
  return found.cutOff ? EXIT.bound : EXIT.asExpected;
}

const STACK = ['driver', 'fs', 'option', 'verdict', 'summary'] as const;
const FAULTS: ReadonlySet<string> = new Set(['LOST', 'STALE', 'FAIL']);
