// Scenarios by where they are: read once, in the worker.

import { type Result, fail, ok } from '../../../base/index.ts';
import { NO_SCENARIO, parseRecording, type RecordedScenario } from '../../../replay/index.ts';
import { storedRecordings } from '../../data/recordings.ts';
import type { RecordingList, Source } from './asks.ts';

/** A recording that was read. */
export interface ReadRecording {
  readonly name: string;
  /** The file as a command line names it. */
  readonly file: string;
  readonly scenarios: readonly RecordedScenario[];
}

const read = new Map<string, Promise<Result<ReadRecording>>>();

/** The recording of a source; a Problem where there is none, or its text is none. */
export function recordingOf(source: Source): Promise<Result<ReadRecording>> {
  const key = source.kind === 'own' ? `own ${source.number}` : source.name;
  const known = read.get(key);
  if (known) return known;
  const reading = source.kind === 'own' ? ownRecording(source.file) : stored(source.name);
  read.set(key, reading);
  return reading;
}

/** Its scenarios by group, in the order of the file. */
export function listOf({ name, file, scenarios }: ReadRecording): RecordingList {
  const groups = new Map<string, string[]>();
  for (const { group, id } of scenarios) {
    const ids = groups.get(group);
    if (ids) ids.push(id);
    else groups.set(group, [id]);
  }
  return {
    name,
    file,
    kernel: [...new Set(scenarios.map(({ kernel }) => kernel))].join(', '),
    arch: [...new Set(scenarios.map(({ arch }) => arch))].join(', '),
    groups: [...groups].map(([group, ids]) => ({ group, ids })),
  };
}

async function stored(name: string): Promise<Result<ReadRecording>> {
  const found = storedRecordings.find((one) => one.name === name);
  if (found === undefined) {
    const known = storedRecordings.map((one) => one.name).join(', ');
    return fail({ what: `the page has no recording '${name}'`, hint: `it has ${known}` });
  }
  return parsed(await found.load(), { name, file: found.file });
}

/** As the command line: a file of more bytes is not read. */
const MOST_BYTES = 64 * 2 ** 20;

async function ownRecording(file: File): Promise<Result<ReadRecording>> {
  const where = file.name;
  const hint = 'a recording has one JSON object a line';
  if (file.size > MOST_BYTES) {
    const why = `${file.size} bytes, more than ${MOST_BYTES} are not read`;
    return fail({ what: `cannot read the recording: ${why}`, where, hint });
  }
  const bytes = await file.arrayBuffer();
  try {
    const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(bytes);
    return parsed(text, { name: where, file: where });
  } catch {
    const what = 'cannot read the recording: it is no UTF-8';
    return fail({ what, where, hint: 'save it as ASCII or UTF-8' });
  }
}

function parsed(
  text: string,
  names: { readonly name: string; readonly file: string },
): Result<ReadRecording> {
  const scenarios = parseRecording(text, names.file);
  if (!scenarios.ok) return scenarios;
  if (scenarios.value.length === 0) return fail(NO_SCENARIO);
  return ok({ ...names, scenarios: scenarios.value });
}
