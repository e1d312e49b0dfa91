// An audit as SARIF 2.1.0, the form that code-scanning viewers read: rules are the types of
// findings, results the findings, a code flow the path of one; what was not checked stands among
// the notifications. https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/
// What GitHub asks beyond the schema is in docs/decisions/0031-sarif.md.

import type {
  CodeFlow,
  Location,
  Log,
  Notification,
  PhysicalLocation,
  ReportingDescriptor,
  Result,
  Run,
} from 'sarif';
import {
  type Audit,
  type Finding,
  type FindingNote,
  type FindingTypeInfo,
  findingTypes,
  fingerprintOf,
  type HeldFinding,
  knownBy,
} from '../audit/index.ts';
import { at } from '../base/index.ts';
import { notesOf } from './finding-text.ts';

/** What the audit itself does not know. */
export interface SarifContext {
  /** Version of this program. */
  readonly version: string;
  /** URI of the tree's top folder, with a final `/`; absent where the tree is no folder. */
  readonly root?: string;
  /** All findings, held against a baseline; absent where there is none. */
  readonly held?: readonly HeldFinding[];
}

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Name of the folder that all paths are relative to. */
const ROOT = 'SRCROOT';

/** Name of the notification about a place that was not checked. */
const NOT_CHECKED = 'not-checked';

/** What of an audit of any kind a log tells; `profile` where toolchain questions were asked. */
export type Logged = Pick<Audit, 'release' | 'findings' | 'notChecked'> & {
  readonly profile?: Pick<Audit['profile'], 'name'>;
};

/** The log of one run. With a baseline it has the known findings too, marked and suppressed. */
export function sarifLog(audit: Logged, context: SarifContext): Log {
  return { $schema: SCHEMA, version: '2.1.0', runs: [runOf(audit, context)] };
}

function runOf(audit: Logged, { version, root, held }: SarifContext): Run {
  const by = knownBy(audit.findings);
  const results = held
    ? held.map((one) => ({ ...resultOf(one.finding, one.by), ...stateOf(one) }))
    : audit.findings.map((finding, i) => resultOf(finding, at(by, i)));
  return {
    tool: {
      driver: {
        name: 'Dachs',
        version,
        semanticVersion: version,
        rules: findingTypes.map(ruleOf),
        notifications: [
          {
            id: NOT_CHECKED,
            shortDescription: { text: 'A place that was seen and not understood' },
            defaultConfiguration: { level: 'warning' },
          },
        ],
      },
    },
    originalUriBaseIds: {
      [ROOT]: {
        ...(root === undefined ? {} : { uri: root }),
        description: { text: `The top of the tree of Linux ${audit.release}` },
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: audit.notChecked.map(notificationOf),
      },
    ],
    results,
    properties: {
      release: audit.release,
      ...(audit.profile ? { profile: audit.profile.name } : {}),
    },
  };
}

function ruleOf(info: FindingTypeInfo): ReportingDescriptor {
  const { type, title, meaning, fires, silent, level } = info;
  return {
    id: type,
    name: pascal(type),
    shortDescription: { text: title },
    fullDescription: { text: meaning },
    help: {
      text: `${meaning}\n\nFires: ${fires}.\nSilent: ${silent}.`,
      markdown: `# ${title}\n\n${meaning}\n\n- **fires**: ${fires}\n- **silent**: ${silent}\n`,
    },
    defaultConfiguration: { level: levelOf(level) },
    properties: { tags: ['linux', 'dax'] },
  };
}

// FALSE_DENIAL -> FalseDenial: the style of names that viewers expect.
function pascal(type: string): string {
  return type
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('');
}

function levelOf(level: Finding['level']): 'error' | 'warning' | 'note' {
  return level === 'check' ? 'note' : level;
}

function resultOf(finding: Finding, by: HeldFinding['by']): Result {
  const { type, level, message, reach, machines = [], conditions = [] } = finding;
  const print = fingerprintOf(by);
  const related = relatedOf(finding);
  const flow = flowOf(finding);
  return {
    ruleId: type,
    ruleIndex: findingTypes.findIndex((info) => info.type === type),
    level: levelOf(level),
    message: { text: messageOf(finding, message) },
    locations: [locationOf(finding)],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(flow === undefined ? {} : { codeFlows: [flow] }),
    partialFingerprints: { 'dachs/v1': print, primaryLocationLineHash: `${print}:1` },
    properties: { reach, level, machines: [...machines], conditions: [...conditions] },
  };
}

// Notes about no place have nowhere else to stand.
function messageOf(finding: Finding, message: string): string {
  const rest = notesOf(finding).filter((note) => note.place === undefined);
  return [message, ...rest.map((note) => note.message)].join('\n');
}

function locationOf(finding: Finding): Location {
  return {
    physicalLocation: physical(finding.place),
    ...(finding.function === undefined
      ? {}
      : { logicalLocations: [{ name: finding.function, kind: 'function' }] }),
  };
}

interface PlacedNote extends FindingNote {
  readonly place: Finding['place'];
}

function placed({ notes }: Finding): readonly PlacedNote[] {
  return notes.flatMap(({ place, message }) => (place ? [{ place, message }] : []));
}

function relatedOf(finding: Finding): Location[] {
  return placed(finding).map((note, i) => ({ id: i + 1, ...noted(note) }));
}

/** A path is one thread. */
function flowOf(finding: Finding): CodeFlow | undefined {
  const steps = placed(finding);
  if (finding.path !== true || steps.length === 0) return undefined;
  const locations = steps.map((step, i) => ({ executionOrder: i + 1, location: noted(step) }));
  return { threadFlows: [{ locations }] };
}

function noted({ place, message }: PlacedNote): Location {
  return { physicalLocation: physical(place), message: { text: message } };
}

function physical(place: Omit<Finding['place'], 'col'> & { col?: number }): PhysicalLocation {
  const { file, line, col } = place;
  return {
    artifactLocation: { uri: uriOf(file), uriBaseId: ROOT },
    region: { startLine: line, ...(col === undefined ? {} : { startColumn: col }) },
  };
}

/** A path as a relative URI; its characters may be any. */
function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

function stateOf({ known }: HeldFinding): Partial<Result> {
  if (!known) return { baselineState: 'new', suppressions: [] };
  const justification = 'The baseline names it.';
  return {
    baselineState: 'unchanged',
    suppressions: [{ kind: 'external', status: 'accepted', justification }],
  };
}

function notificationOf(open: Audit['notChecked'][number]): Notification {
  const { file, line, subject, why } = open;
  return {
    descriptor: { id: NOT_CHECKED, index: 0 },
    level: 'warning',
    message: { text: `not checked: ${subject}: ${why}` },
    locations: [{ physicalLocation: physical({ file, line }) }],
  };
}
