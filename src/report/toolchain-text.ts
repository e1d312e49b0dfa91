// What the reading of a Kconfig assumed about the toolchain, for people.

import { type Assumption, countQuestions } from '../audit/index.ts';

/**
 * How many questions about the toolchain were asked, how many answers were on record and how many
 * assumed; then each assumed one with its first place, by the names of files.
 */
export function toolchainLines(assumptions: readonly Assumption[]): readonly string[] {
  const { asked, recorded, assumed } = countQuestions(assumptions);
  const questions = `${asked} question${asked === 1 ? '' : 's'}`;
  return [
    `${questions} about the toolchain: ${recorded} on record, ${assumed} assumed`,
    ...assumedLines(assumptions.filter(({ basis }) => basis !== 'recorded')),
  ];
}

function assumedLines(assumptions: readonly Assumption[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const { macro, answer, basis, file, line } of assumptions) {
    const how = basis === 'rule' ? 'by rule' : 'guessed';
    const text = `$(${macro}) = ${answer === '' ? 'nothing' : answer}, ${how}`;
    places.set(text, [...(places.get(text) ?? []), `${file}:${line}`]);
  }
  return [...places]
    .map(([text, [first = '', ...more]]) => {
      const others = more.length === 0 ? '' : ` and ${more.length} more`;
      return `  ${first}${others}: ${text}`;
    })
    .sort();
}
