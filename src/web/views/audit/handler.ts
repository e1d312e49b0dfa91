// Answers the audit view's questions: runs in the engine's worker. The file never leaves it but as
// what is shown.

import { explainFindingsAnswer } from '../../../answer/index.ts';
import { findingTypes, type NotChecked } from '../../../audit/index.ts';
import { auditFileFrom, type AuditRun } from '../../../forms/index.ts';
import { errptrText, protocolsText, terseAuditText } from '../../../report/index.ts';
import { learntText } from '../../../scenario/index.ts';
import type { Tools } from '../../worker/asks.ts';
import type {
  AuditDrawAnswer,
  AuditDrawAsk,
  AuditOpenAnswer,
  AuditOpenAsk,
  AuditTextAnswer,
  AuditTextAsk,
  AuditWholeAsk,
} from './asks.ts';
import { graphOf } from './automaton/graph.ts';
import { drawingOf } from './automaton/layout.ts';
import { textOf } from './bytes.ts';

/** Reads a file. */
export async function answerAuditOpen(
  { file, name }: AuditOpenAsk,
  { tell }: Tools,
): Promise<AuditOpenAnswer> {
  const text = await textOf(file, name, (share) => tell({ what: `reading ${name}`, share }));
  if (!text.ok) return text;
  tell({ what: `checking ${name}` });
  const read = auditFileFrom(text.value, name);
  if (!read.ok) return read;
  const types = new Set(read.value.runs.flatMap((run) => run.findings.map(({ type }) => type)));
  return {
    ok: true,
    file: read.value,
    types: findingTypes.filter(({ type }) => types.has(type)),
  };
}

/** Draws the automaton of an attach function. */
export async function answerAuditDraw(asked: AuditDrawAsk): Promise<AuditDrawAnswer> {
  const { driver, extent, finding } = asked;
  const graph = graphOf(driver, extent, finding);
  const drawing = drawingOf(graph);
  const text = learntText(driver.learnt);
  return Promise.resolve({ graph, text, ...(drawing === undefined ? {} : { drawing }) });
}

/** The text of findings, each with its type and the witness of its first machine. */
export async function answerAuditText({ findings }: AuditTextAsk): Promise<AuditTextAnswer> {
  return Promise.resolve({ text: explainFindingsAnswer(findings).text });
}

/** The text of all findings of a run; empty where the record has not all that it is made of. */
export async function answerAuditWhole({ run }: AuditWholeAsk): Promise<AuditTextAnswer> {
  return Promise.resolve({ text: wholeText(run) });
}

function wholeText({ whole, findings: shown, notChecked: open, ...run }: AuditRun): string {
  if (whole === undefined) return '';
  const findings = shown.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const notChecked = open.flatMap(({ place, subject, why }): readonly NotChecked[] =>
    place?.line === undefined ? [] : [{ file: place.file, line: place.line, subject, why }],
  );
  const { tree = '', release = '', exempt, baseline } = run;
  const options = { verbose: true, ...(baseline === undefined ? {} : { baseline }) };
  switch (whole.kind) {
    case 'audit':
      return terseAuditText({ findings, notChecked, profile: whole.profile }, options);
    case 'protocols':
      return protocolsText(
        { ...whole, tree, release, findings, notChecked, exempt },
        { ...options, terse: false },
      );
    case 'errptr':
      return errptrText({ ...whole, tree, findings, notChecked }, { ...options, terse: false });
  }
}
