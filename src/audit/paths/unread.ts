// Parts of a file that name a function of a protocol and were not understood: no call was found
// there, so no walk comes by to say so.

import type { NotChecked } from '../c/index.ts';
import type { Flow, Unit } from '../flow/index.ts';
import type { WalkedFile } from './walk-file.ts';

/** Functions and places at file level that name one of `names` and were not, or not all, read. */
export function unreadParts(
  { unit, functions }: WalkedFile,
  names: ReadonlySet<string>,
): readonly NotChecked[] {
  const walked = new Set(functions.map(({ flow }) => flow));
  const torn = unit.flows.filter((flow) => flow.notChecked.length > 0 && !walked.has(flow));
  const inFlows = torn.flatMap((flow) =>
    namedIn(unit, flow.at, flow.end, names) === undefined ? [] : [tornFlow(unit, flow)],
  );
  // Of a file that was read whole nothing is left over.
  return unit.notChecked.length === 0 ? inFlows : [...inFlows, ...between(unit, names)];
}

function tornFlow(unit: Unit, { name, at, notChecked }: Flow): NotChecked {
  const why = `${name}(): ${notChecked[0]?.why ?? 'not read'}`;
  return { subject: `paths of ${name}()`, why, file: unit.file, line: unit.place(at).line };
}

function between(unit: Unit, names: ReadonlySet<string>): readonly NotChecked[] {
  const flows = unit.flows.toSorted((a, b) => a.at - b.at);
  const gaps = [...flows, undefined].map((flow, i) => ({
    from: flows[i - 1]?.end ?? 0,
    to: flow?.at ?? unit.text.length,
  }));
  return gaps.flatMap(({ from, to }) => {
    const found = namedIn(unit, from, to, names);
    if (found === undefined) return [];
    const { line } = unit.place(found.at);
    const why = `${found.name}() is called where no function could be read`;
    return [{ subject: 'paths of functions', why, file: unit.file, line }];
  });
}

/** The first call of one of the functions in a stretch of text, but for comments and directives. */
function namedIn(
  unit: Unit,
  from: number,
  to: number,
  names: ReadonlySet<string>,
): { readonly name: string; readonly at: number } | undefined {
  const text = unit.text.slice(from, to);
  for (const match of text.matchAll(/\b([A-Za-z_]\w*)[ \t]*\(/g)) {
    const [, name = ''] = match;
    if (!names.has(name)) continue;
    const line = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    // Behind a type alone, and not indented, it is declared.
    if (/^\s*(?:\*|\/\/|\/\*|#)/.test(line) || /^(?![ \t])[\w \t*]*$/.test(line)) continue;
    return { name, at: from + match.index };
  }
  return undefined;
}
