// Why a design for switching S_DAX is refuted: for each race a shortest schedule, in words.

import { errnoName, isOops } from '../kernel/index.ts';
import { type DesignRow, shortestWitnesses } from '../matrix/index.ts';
import { type SDaxAnswer, type SDaxBreach, sDaxProperties, sDaxRaces } from '../scenario/index.ts';
import { QUEUE, toldSteps } from './designs-steps.ts';
import { wrap } from './layout.ts';
import { tableLines } from './table.ts';

/** What one design is, and what refutes it. */
export function designWhyText(row: DesignRow): string {
  const { rules, verdict } = row;
  const head = `${rules.id}: ${rules.title} (${rules.proponent}): ${verdict}`;
  const parts = shortestWitnesses(row).map(({ answer, breach }) => witnessText(answer, breach));
  const delay = row.races.includes('R7') ? [delayText(row)] : [];
  const none = parts.length + delay.length === 0 ? ['No program breaks anything.'] : [];
  const below = [...parts, ...delay].flatMap((part) => ['', part]);
  return `${[...wrap(head), ...none, ...below].join('\n')}\n`;
}

function witnessText(answer: SDaxAnswer, breach: SDaxBreach): string {
  const { program } = answer;
  const titleOf = (id: string): string => sDaxRaces.find((one) => one.id === id)?.title ?? '';
  const race = breach.race ?? 'no race with a name';
  const property = sDaxProperties.find(({ id }) => id === breach.property);
  const steps = toldSteps(breach.witness, {
    calls: program.calls,
    locks: breach.property === 'P5',
  });
  const lines = tableLines(
    [{ head: '' }, { head: '' }, { head: '' }],
    steps.map(({ thread, where, says }) => [nameOf(thread), where, says]),
  );
  return [
    ...wrap(`${race}: ${titleOf(race)}`),
    ...wrap(`program ${program.id}: ${program.title}`),
    ...lines.filter((line) => line !== '').map((line) => `  ${line}`),
    ...breach.results.flatMap((result, i) =>
      wrap(`${nameOf(i)}: ${callText(program.calls[i])}${endText(result, breach.waits[i])}`, 2, 5),
    ),
    ...wrap(`breaks ${breach.property}: ${property?.title ?? ''}`),
  ].join('\n');
}

function callText(call: string | undefined): string {
  return call === undefined ? '' : `${call}: `;
}

function nameOf(thread: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + thread);
}

/** What a thread gives, or whom it waits for. */
function endText(result: unknown, lock: string | undefined): string {
  if (result !== undefined) return resultText(result);
  if (lock === undefined) return 'does not begin';
  const behind = lock.startsWith(QUEUE);
  const name = behind ? lock.slice(QUEUE.length) : lock;
  return `waits for ever for ${name}${behind ? ', behind who waits to write' : ''}`;
}

function resultText(result: unknown): string {
  if (result === undefined) return 'waits for ever';
  if (isOops(result)) return `${result.says} in ${result.where}()`;
  if (typeof result === 'object' && result !== null) {
    return Object.entries(result)
      .map(([key, value]) => lifeText(key, value))
      .join(', ');
  }
  if (typeof result !== 'number') return `gives ${JSON.stringify(result)}`;
  if (result < 0) return `gives -${errnoName(result)}`;
  return result < FIRST_ADDRESS ? `gives ${result}` : `gives 0x${result.toString(16)}`;
}

/** What a process sees that closes the file and opens it again. */
const LIFE: ReadonlyMap<string, readonly [before: string, after: string]> = new Map([
  ['wrote', ['write() gives ', '']],
  ['changed', ['chattr gives ', '']],
  ['before', ['statx() tells ', ' at first']],
  ['held', ['', ' when reopened']],
  ['after', ['', ' once nobody held it']],
  ['byte', ['read() finds ', '']],
]);

function lifeText(key: string, value: unknown): string {
  const [before, after] = LIFE.get(key) ?? [`${key} `, ''];
  const text = typeof value === 'boolean' ? (value ? 'DAX' : 'no DAX') : String(value);
  return `${before}${text}${after}`;
}

/** Nothing that is counted here is as large; what is larger is where something was mapped. */
const FIRST_ADDRESS = 2 ** 20;

function delayText(row: DesignRow): string {
  const delayed = row.answers.filter(({ isDelayed }) => isDelayed);
  const [first] = delayed;
  const title = sDaxRaces.find(({ id }) => id === 'R7')?.title ?? '';
  const results = (first?.results ?? []).flatMap((one) => one.map(resultText));
  return [
    ...wrap(`R7: ${title}`),
    ...wrap(`program ${first?.program.id ?? ''}: ${first?.program.title ?? ''}`),
    ...results.flatMap((result) => wrap(`in every end: ${result}`, 2)),
    'The mode stays the old one as long as somebody holds the file: no bound.',
  ].join('\n');
}
