// A litmus test in one setting -> the scenario that is searched: of the small model, or of a kernel
// that runs.

import { fail, ok, type Result } from '../base/index.ts';
import { searchGraph } from '../explore/index.ts';
import { kernelRemedies } from '../kernel/index.ts';
import type { Program } from '../litmus/index.ts';
import { compileScenario, type Scenario, type ScenarioOptions } from '../scenario/index.ts';
import { compileStack, type StackSetting } from '../stack/index.ts';
import type { Setting } from './settings.ts';

/** What a program is compiled with; `stack` where it runs on a kernel. */
export interface TestOptions extends ScenarioOptions {
  readonly stack?: StackSetting;
}

/** Compiles a test; a problem tells why a kernel cannot be brought to run it here. */
export function compileTest(program: Program, options: TestOptions): Result<Scenario> {
  if (program.stack === undefined) return ok(compileScenario(program, options));
  if (options.stack === undefined) return fail({ what: 'the test runs on a kernel' });
  const scenario = compileStack(program, options.stack, searchGraph);
  if (!scenario.ok) return scenario;
  const { remedy, model } = options;
  return ok({ ...scenario.value, options: { ...scenario.value.options, remedy, model } });
}

/** What a kernel runs on in a setting, or why it cannot. */
export function stackSetting({
  bed,
  kernel,
  remedy,
}: Setting): StackSetting | { readonly why: string } {
  const { machine } = bed;
  if (!machine || !kernel) return { why: 'the test runs a kernel, and a kind of cache has none' };
  const release = kernel.id;
  if (release !== '6.1' && release !== '6.12') {
    return { why: `there is no model of ${kernel.id} that runs` };
  }
  const known = kernelRemedies.find((name) => name === remedy);
  if (known === undefined) return { why: `the kernel has no remedy ${remedy}` };
  return { machine, release, remedy: known };
}
