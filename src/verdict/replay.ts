// Runs a witness again from its list of choices.

import { fail, ok, type Result } from '../base/index.ts';
import { type Path, replay } from '../explore/index.ts';
import { valueIn } from '../ir/index.ts';
import type { Program } from '../litmus/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { compileTest, type TestOptions } from './compile.ts';
import { type FilmBed, filmOf } from './film.ts';
import type { Film } from './film-record.ts';
import { type Witness, witnessOf } from './witness.ts';

/** A run that was taken again, and how it ends. */
export interface Replay {
  readonly run: Witness;
  /** `bad`: an end state with the outcome that must not be; `unfinished`: no end state yet. */
  readonly outcome: 'bad' | 'good' | 'unfinished';
}

/** The run that a replay line names; a Problem where a choice is unknown or not enabled. */
export function replayScenario(
  program: Program,
  options: TestOptions,
  line: string,
): Result<Replay> {
  const taken = takeSteps(program, options, line);
  if (!taken.ok) return taken;
  const { scenario, path, outcome } = taken.value;
  return ok({ run: witnessOf(scenario, path), outcome });
}

/** The same run as a film, for drawings; `bed` is what the options were made for. */
export function replayFilm(
  program: Program,
  options: TestOptions,
  line: string,
  bed: FilmBed,
): Result<{ readonly film: Film; readonly outcome: Replay['outcome'] }> {
  const taken = takeSteps(program, options, line);
  if (!taken.ok) return taken;
  const { scenario, path, outcome } = taken.value;
  return ok({ film: filmOf(scenario, path, bed), outcome });
}

function takeSteps(
  program: Program,
  options: TestOptions,
  line: string,
): Result<{ scenario: Scenario; path: Path; outcome: Replay['outcome'] }> {
  const compiled = compileTest(program, options);
  if (!compiled.ok) return compiled;
  const scenario = compiled.value;
  const ids = line.split(',').map((id) => id.trim());
  const known = scenario.system.actions.map((a) => a.id);
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    return fail({
      what: `${program.name} has no step ${stranger === '' ? '(empty)' : stranger}`,
      hint: `steps: ${known.join(' ')}`,
    });
  }
  const path = replay(scenario.system, ids);
  if (!path) {
    const stuck = ids.findIndex((_, i) => !replay(scenario.system, ids.slice(0, i + 1)));
    return fail({
      what: `step ${stuck + 1} (${ids[stuck] ?? ''}) of the replay line cannot be taken there`,
      hint: `the line belongs to another machine or remedy; dachs explain ${program.name}`,
    });
  }
  const last = path.steps.at(-1)?.state ?? path.initial;
  const ended = valueIn(scenario.system.isEnd, last) !== 0;
  const bad = ended && valueIn(scenario.question, last) !== 0;
  const outcome = bad ? 'bad' : ended ? 'good' : 'unfinished';
  return ok({ scenario, path, outcome });
}
