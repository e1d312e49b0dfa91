// The figures of docs/model/reductions.md: states of a few systems under each reduction.

import { exploreWasm } from '../src/explore/index.ts';
import { allReductions, type Reduction, reduce, witnessReductions } from '../src/reduce/index.ts';
import { compileScenario, genericModel, type Scenario } from '../src/scenario/index.ts';
import { catalogueFiles, parsed } from './catalogue-systems.ts';
import { alike, threeByThree, twoByTwo, twoColours } from './reduce-models.ts';

/** Tests of the catalogue with many states; on a VIPT cache that aliases and writes back. */
const chosen = [
  ['mp-sb', 'IRIW+k+u+v'],
  ['mp-sb', '2+2W+k+u'],
  ['mp-sb', 'SB+k+u+flush-both'],
  ['deferral', 'DEF+two-mappers'],
  ['flush', 'CoWR+k+u+local+cpus'],
] as const;

const columns: readonly (readonly [string, readonly Reduction[]])[] = [
  ['none', []],
  ...allReductions.map((one) => [one, [one]] as const),
  ['witness', witnessReductions],
  ['all', allReductions],
];

/** The table in Markdown, without a line end at its end. */
export function figuresTable(): string {
  const rows = systems().map(({ name, scenario }) => [
    name,
    ...columns.map(([, which]) => {
      const { system, question } = reduce(scenario, which);
      const bounds = { states: 4_000_000, depth: 10_000 };
      return String(exploreWasm(system, question, { bounds }).states);
    }),
  ]);
  const lines = [['', ...columns.map(([name]) => name)], columns.map(() => '---:'), ...rows];
  return lines.map((line, i) => (i === 1 ? `|---|${line.join('|')}|` : row(line))).join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function systems(): readonly { name: string; scenario: Scenario }[] {
  const models = [threeByThree, twoByTwo, alike].map((program) => ({
    name: `\`${program.name}\``,
    scenario: compileScenario(program, { model: twoColours, remedy: 'none' }),
  }));
  const model = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
  const tests = chosen.map(([shelf, name]) => {
    const file = catalogueFiles().find((f) => f.shelf === shelf && f.name === name);
    if (!file) throw new Error(`no test ${shelf}/${name}`);
    const { program } = parsed(file);
    return {
      name: `\`${shelf}/${name}\``,
      scenario: compileScenario(program, { model, remedy: 'none' }),
    };
  });
  return [...models, ...tests];
}
