// The drawings' content as tables.

import type { Film } from '../../../verdict/index.ts';
import { titleOfCopy } from './layout/cache.ts';
import type { Rulers } from './layout/ruler.ts';
import type { Stage } from './layout/stage.ts';
import { actorName } from './layout/timeline.ts';

/** Every step: who, what, and what it changes. */
export function StepTable({ film, step }: { readonly film: Film; readonly step: number }) {
  return (
    <table>
      <caption class="visually-hidden">Steps of the run</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Who</th>
          <th scope="col">What happens</th>
          <th scope="col">What it changes</th>
        </tr>
      </thead>
      <tbody>
        {film.witness.steps.map(({ says, changes }, i) => {
          const actor = film.actors.find(({ key }) => key === film.steps[i]?.actor);
          return (
            <tr key={i} aria-current={i + 1 === step ? 'step' : undefined}>
              <th scope="row">{i + 1}</th>
              <td>{actor === undefined ? '' : actorName(actor, film.actors)}</td>
              <td>{says}</td>
              <td>
                {changes.map(({ what, from, to }) => (
                  <div key={what}>
                    {what}: {from} {'\u2192'} {to}
                  </div>
                ))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface Row {
  readonly key: string;
  readonly where: string;
  readonly what: string;
  readonly value: string;
  readonly state: string;
  readonly changed: boolean;
  readonly isRead: boolean;
}

/** What is where after a step. */
export function StateTable(props: {
  readonly film: Film;
  readonly stage: Stage;
  readonly at: number;
}) {
  return (
    <table>
      <caption class="visually-hidden">What is where</caption>
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">What</th>
          <th scope="col">Value</th>
          <th scope="col">State</th>
          <th scope="col">This step</th>
        </tr>
      </thead>
      <tbody>
        {rowsOf(props).map((row) => (
          <tr key={row.key}>
            <td>{row.where}</td>
            <td>{row.what}</td>
            <td>{row.value}</td>
            <td>{row.state}</td>
            <td>{actsOn(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function actsOn({ changed, isRead }: Row): string {
  return [...(changed ? ['changes it'] : []), ...(isRead ? ['reads it'] : [])].join(', ');
}

function rowsOf({
  film,
  stage,
  at,
}: {
  readonly film: Film;
  readonly stage: Stage;
  readonly at: number;
}): readonly Row[] {
  const frame = film.frames[at];
  const changed = new Set(at > 0 ? film.steps[at - 1]?.changed : []);
  const read = film.steps[at - 1]?.read;
  const several = new Set(film.copies.map(({ cpu }) => cpu)).size > 1;
  const copies = film.copies.map((copy, i): Row => {
    const held = frame?.copies[i];
    const cache = copy.cache === 'data' ? 'data cache' : 'instruction cache';
    const where = `${cache}${several ? ` of CPU ${copy.cpu}` : ''}, set ${copy.set}`;
    const way = held?.way === undefined ? '' : `, way ${held.way}`;
    const old = held?.old.includes(true) ? ', old value' : '';
    return {
      key: copy.key,
      where: `${where}${way}`,
      what: titleOfCopy(film, copy),
      value: held?.values.join(' ') ?? '',
      state: `${held?.state ?? ''}${old}`,
      changed: changed.has(copy.key),
      isRead: read?.copy === copy.key,
    };
  });
  return [
    ...copies,
    ...stage.memory.map(
      ({ key, name, value, word, isRead }): Row => ({
        key,
        where: 'memory',
        what: name,
        value,
        state: word,
        changed: changed.has(key),
        isRead,
      }),
    ),
    ...stage.panels.flatMap(({ title, rows }) =>
      rows.map(
        ({ key, text, changed }): Row => ({
          key,
          where: title,
          what: text,
          value: '',
          state: '',
          changed,
          isRead: false,
        }),
      ),
    ),
  ];
}

/** The fields of each address. */
export function BitTable({ rulers }: { readonly rulers: Rulers }) {
  return (
    <table>
      <caption class="visually-hidden">Bits of the addresses</caption>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">Number</th>
          <th scope="col">Bits, from the highest</th>
          <th scope="col">Set</th>
        </tr>
      </thead>
      <tbody>
        {rulers.rulers.map(({ label, address, segments, result }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td class="mono">{address}</td>
            <td>
              {segments.map(({ name, bits, value, differs }) => (
                <div key={bits}>
                  {name} ({bits}) = {value}
                  {differs ? ', not as in the other address' : ''}
                </div>
              ))}
            </td>
            <td>{result}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
