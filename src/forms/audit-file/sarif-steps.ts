// Places, messages and paths of SARIF as steps.

import type {
  SarifLocation,
  SarifMessage,
  SarifResult,
  SarifRule,
  SarifRun,
} from './sarif-parts.ts';
import type { ShownPlace, ShownStep } from './shown.ts';

/** A place with what is said there. */
export function stepOf(location: SarifLocation, run: SarifRun): ShownStep {
  const place = placeOf(location, run);
  const message = location.message === undefined ? '' : messageOf(location.message, undefined);
  return { ...(place === undefined ? {} : { place }), message };
}

function placeOf({ physicalLocation }: SarifLocation, run: SarifRun): ShownPlace | undefined {
  const artifact = physicalLocation?.artifactLocation;
  const known = artifact?.index === undefined ? undefined : run.artifacts?.[artifact.index];
  const uri = artifact?.uri ?? known?.location?.uri;
  if (uri === undefined) return undefined;
  const { startLine, startColumn } = physicalLocation?.region ?? {};
  return {
    file: fileOf(uri),
    ...(startLine === undefined ? {} : { line: startLine }),
    ...(startColumn === undefined ? {} : { col: startColumn }),
  };
}

/** A URI as a path; a broken escape is left as it stands. */
function fileOf(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^file:\/\//, ''));
  } catch {
    return uri;
  }
}

/** Text of a message: its own, or that of its rule with the arguments put in. */
export function messageOf(message: SarifMessage, rule: SarifRule | undefined): string {
  const byId = message.id === undefined ? undefined : rule?.messageStrings?.[message.id]?.text;
  const text = message.text ?? byId ?? message.markdown ?? message.id ?? '';
  return text.replaceAll(/\{(\d+)\}/g, (all, number: string) => {
    return message.arguments?.[Number(number)] ?? all;
  });
}

/** The paths of a result; the threads of one flow are joined by the order of execution. */
export function flowsOf({ codeFlows = [] }: SarifResult, run: SarifRun): readonly ShownStep[][] {
  return codeFlows
    .map(({ threadFlows }) => {
      const steps = threadFlows.flatMap(({ locations }) => locations);
      const isOrdered = steps.every(({ executionOrder }) => (executionOrder ?? -1) >= 0);
      const ordered = isOrdered
        ? steps.toSorted((a, b) => (a.executionOrder ?? 0) - (b.executionOrder ?? 0))
        : steps;
      return ordered.flatMap(({ location }) =>
        location === undefined ? [] : [stepOf(location, run)],
      );
    })
    .filter((steps) => steps.length > 0);
}
