// Designs for switching S_DAX as JSON: a record for each, with a witness for each race.

import { isOops } from '../kernel/index.ts';
import { type DesignRow, shortestWitnesses } from '../matrix/index.ts';
import { sDaxProperties, sDaxRaces } from '../scenario/index.ts';
import { toldSteps } from './designs-steps.ts';
import { form } from './records.ts';

/** The record of the designs. */
export function designsRecord(rows: readonly DesignRow[]) {
  return form('designs', {
    properties: sDaxProperties.map(({ id, title }) => ({ id, title })),
    races: sDaxRaces.map(({ id, title }) => ({ id, title })),
    designs: rows.map(rowRecord),
  });
}

function rowRecord(row: DesignRow) {
  const { rules, verdict, races, answers } = row;
  return {
    id: rules.id,
    title: rules.title,
    proponent: rules.proponent,
    verdict,
    breaks: sDaxProperties.filter(({ id }) => row.broken.has(id)).map(({ id }) => id),
    races: [...races],
    programs: answers.map(({ program, ends, states, breaches, isDelayed }) => ({
      id: program.id,
      title: program.title,
      ends: ends ?? null,
      states: states ?? null,
      delayed: isDelayed,
      breaks: breaches.map(({ property, race }) => ({ property, race: race ?? null })),
    })),
    witnesses: shortestWitnesses(row).map(({ answer, breach }) => ({
      race: breach.race ?? null,
      property: breach.property,
      program: answer.program.id,
      calls: [...answer.program.calls],
      steps: toldSteps(breach.witness, {
        calls: answer.program.calls,
        locks: breach.property === 'P5',
      }).map(({ thread, where, says }) => ({ thread, function: where, says })),
      results: breach.results.map(resultRecord),
    })),
  };
}

function resultRecord(result: unknown): string {
  if (result === undefined) return 'waits';
  if (isOops(result)) return `${result.says} in ${result.where}()`;
  return typeof result === 'number' ? String(result) : JSON.stringify(result);
}
