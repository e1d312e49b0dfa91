// A replay line runs exactly its run again, and a wrong one is a Problem with a hint.

import { expect, test } from 'vitest';
import { genericModel, scenarioByName, scenarios } from '../scenario/index.ts';
import { replayFilm, replayScenario } from './replay.ts';
import { judgeScenario } from './scenario-verdict.ts';
import { cacheKinds } from './settings.ts';

const model = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
const options = { model, remedy: 'none' } as const;

function first() {
  const program = scenarioByName('L1');
  if (!program) throw new Error('L1');
  return program;
}

test('every witness replays to itself', () => {
  for (const program of scenarios) {
    const { witness } = judgeScenario(program, options);
    if (!witness) throw new Error(program.name);
    expect(replayScenario(program, options, witness.replay)).toEqual({
      ok: true,
      value: { run: witness, outcome: 'bad' },
    });
  }
});

test('spaces around the choices do not matter', () => {
  expect(replayScenario(first(), options, ' P0.0 , P0.1 ')).toMatchObject({
    ok: true,
    value: { run: { replay: 'P0.0,P0.1' }, outcome: 'unfinished' },
  });
});

test('a run that ends well is not called bad', () => {
  expect(replayScenario(first(), options, 'P0.0,evict.x.U,P0.1,evict.x.K,P0.2')).toMatchObject({
    ok: true,
    value: { outcome: 'good' },
  });
});

test('a choice that the system does not have is named, with those it has', () => {
  const result = replayScenario(first(), options, 'P0.0,evict.y.K');
  expect(result).toMatchObject({ ok: false, problem: { what: 'L1 has no step evict.y.K' } });
  expect(result.ok ? '' : result.problem.hint).toContain('P0.0 P0.1 P0.2 evict.x.K fill.x.K');
  expect(replayScenario(first(), options, '')).toMatchObject({
    ok: false,
    problem: { what: 'L1 has no step (empty)' },
  });
});

test('the first choice that cannot be taken is named by its place', () => {
  expect(replayScenario(first(), options, 'P0.0,P0.1,P0.1,P0.2')).toMatchObject({
    ok: false,
    problem: { what: 'step 3 (P0.1) of the replay line cannot be taken there' },
  });
  expect(replayScenario(first(), options, 'evict.x.K')).toMatchObject({
    ok: false,
    problem: { what: 'step 1 (evict.x.K) of the replay line cannot be taken there' },
  });
});

test('a run as a film is the run, and ends as it does', () => {
  const line = 'P0.0,P0.1';
  const run = replayScenario(first(), options, line);
  const bed = cacheKinds.find(({ id }) => id === 'vipt-aliasing-set-back');
  if (!bed) throw new Error('the kind of cache');
  const film = replayFilm(first(), options, line, bed);
  if (!run.ok || !film.ok) throw new Error('both can be taken');
  expect(film.value.film.witness).toEqual(run.value.run);
  expect(film.value.outcome).toBe(run.value.outcome);
  expect(replayFilm(first(), options, 'P0.9', bed).ok).toBe(false);
});
