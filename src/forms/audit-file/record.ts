// The records of dachs audit: of a tree, by protocols, of error pointers, and the findings that
// dachs explain gives. Each becomes one run.

import * as v from 'valibot';
import { type Finding, findingTypes } from '../../audit/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { AUDIT_HINT, findingParts } from '../findings-json.ts';
import { readAttach } from './attach.ts';
import { isObject, type Read, readEach, unknownParts, wrongPart } from './lenient.ts';
import type {
  AuditFile,
  AuditForm,
  AuditRun,
  NotShown,
  ShownFinding,
  ShownMachine,
  WholeText,
} from './shown.ts';

/** A finding of any type: a newer Dachs may know more of them. */
const anyFinding = v.object({ type: v.string(), ...findingParts });

type AnyFinding = v.InferOutput<typeof anyFinding>;

const exempt = v.object({
  file: v.string(),
  line: v.number(),
  function: v.string(),
  acquire: v.string(),
  why: v.string(),
});

const open = v.pipe(
  v.object({ file: v.string(), line: v.number(), subject: v.string(), why: v.string() }),
  v.transform(({ file, line, ...rest }) => ({ place: { file, line }, ...rest })),
);

const baseline = v.object({
  file: v.string(),
  known: v.number(),
  stale: v.array(
    v.pipe(
      v.object({
        type: v.picklist(findingTypes.map(({ type }) => type)),
        file: v.string(),
        function: v.nullable(v.string()),
        message: v.string(),
        ordinal: v.number(),
      }),
      v.transform(({ function: name, ...rest }) => {
        return { ...rest, ...(name === null ? {} : { function: name }) };
      }),
    ),
  ),
});

const profile = v.object({ name: v.string(), questions: v.number(), recorded: v.number() });

const whole = {
  audit: v.pipe(
    v.object({ profile }),
    v.transform((one): WholeText => ({ kind: 'audit', profile: one.profile })),
  ),
  protocols: v.pipe(
    v.object({
      protocols: v.array(
        v.object({ name: v.string(), title: v.string(), files: v.number(), calls: v.number() }),
      ),
      functions: v.number(),
    }),
    v.transform((one): WholeText => ({ kind: 'protocols', ...one })),
  ),
  errptr: v.pipe(
    v.object({
      files: v.number(),
      functions: v.number(),
      returning: v.number(),
      callers: v.number(),
      ambiguous: v.number(),
    }),
    v.transform((one): WholeText => ({ kind: 'errptr', ...one })),
  ),
} as const;

/** Parts that are shown, or that the text of the command line is made of, by form. */
const COMMON = ['schema', 'version', 'tree', 'release', 'findings', 'notChecked', 'baseline'];
const KNOWN: Readonly<Record<RecordForm, readonly string[]>> = {
  audit: [...COMMON, 'profile', 'exempt', 'attach'],
  protocols: [...COMMON, 'protocols', 'functions', 'exempt'],
  errptr: [...COMMON, 'files', 'functions', 'returning', 'callers', 'ambiguous'],
  findings: [...COMMON],
};

/** Why a known part of an audit is not shown here, and where to see it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  ports: 'the three answers of each port: dachs audit TREE prints them, the Matrix view draws them',
  buildable: 'what can be built: dachs audit TREE prints it',
  kernel: 'the facts of the kernel: dachs audit TREE --facts writes them',
  allocDax: 'the facts of alloc_dax(): dachs audit TREE prints them',
  list: 'the clause that refuses by name: dachs audit TREE prints it',
};

type RecordForm = Exclude<AuditForm, 'sarif'>;

const FORMS: readonly RecordForm[] = ['audit', 'protocols', 'errptr', 'findings'];

/** The form that the record says it has; undefined where it is none that holds findings. */
export function recordForm(schema: string): RecordForm | undefined {
  return FORMS.find((form) => schema === `dachs/${form}`);
}

/** Reads a record of `form`; a Problem where not even its list of findings is one. */
export function readRecord(
  value: Readonly<Record<string, unknown>>,
  form: RecordForm,
  where: string,
): Result<AuditFile> {
  if (value['version'] !== 1) {
    const has = JSON.stringify(value['version']) ?? 'none';
    return fail({
      what: `version: it is ${has}, this Dachs reads version 1 of dachs/${form}`,
      where,
      hint: 'write it again with this Dachs, or open it with the one that wrote it',
    });
  }
  if (!Array.isArray(value['findings'])) {
    const what = 'findings: it is no list, so there is nothing to show';
    return fail({ what, where, hint: AUDIT_HINT });
  }
  const findings = readEach(value['findings'], 'findings', anyFinding);
  const head = form === 'findings' ? undefined : v.safeParse(whole[form], value);
  const rest = restOf(value);
  const notShown = [
    ...findings.notShown,
    ...strangers(findings.values),
    ...rest.notShown,
    ...(head === undefined || head.success ? [] : [wrongPart(form, head.issues[0])]),
    ...unknownParts(value, '', KNOWN[form]).map(explained),
  ];
  const text = head?.success === true && findings.notShown.length === 0 ? head.output : undefined;
  const asksReach = form === 'audit' || form === 'findings';
  const run: AuditRun = {
    tool: 'Dachs',
    ...textAt(value, 'tree'),
    ...textAt(value, 'release'),
    figures: text === undefined ? [] : figuresOf(text),
    findings: findings.values.map((one) => shown(one, asksReach)),
    rules: [],
    ...rest.parts,
    ...(text === undefined ? {} : { whole: text }),
  };
  return ok({ form, runs: [run], notShown });
}

function restOf(value: Readonly<Record<string, unknown>>) {
  const exempts = readEach(value['exempt'], 'exempt', exempt);
  const opens = readEach(value['notChecked'], 'notChecked', open);
  const attach = readAttach(value['attach'], 'attach');
  const given = value['baseline'];
  const held = given === undefined || given === null ? undefined : v.safeParse(baseline, given);
  return {
    parts: {
      exempt: exempts.values,
      notChecked: opens.values,
      ...(attach.attach === undefined ? {} : { attach: attach.attach }),
      ...(held?.success === true ? { baseline: held.output } : {}),
    },
    notShown: [
      ...exempts.notShown,
      ...opens.notShown,
      ...attach.notShown,
      ...(held?.success === false ? [wrongPart('baseline', held.issues[0])] : []),
    ],
  };
}

function explained(one: NotShown): NotShown {
  const why = ELSEWHERE[one.where];
  return why === undefined ? one : { ...one, why };
}

/** Types that this Dachs has no explanation of. */
function strangers(findings: Read<AnyFinding>['values']): readonly NotShown[] {
  const unknown = new Set(findings.map(({ type }) => type).filter((type) => !isKnown(type)));
  return [...unknown].toSorted().map((type) => {
    return { where: 'findings', why: `${type} is no type of this Dachs: shown, not explained` };
  });
}

function isKnown(type: string): type is Finding['type'] {
  return findingTypes.some((info) => info.type === type);
}

function shown(finding: AnyFinding, asksReach: boolean): ShownFinding {
  const { type, function: name, notes, machines = [], conditions = [], ...rest } = finding;
  const isPath = finding.path === true;
  const named = typeof name === 'string' ? { function: name } : {};
  const steps = isPath ? notes.filter((note) => note.place !== undefined) : [];
  return {
    type,
    level: rest.level,
    place: rest.place,
    message: rest.message,
    ...(asksReach ? { reach: rest.reach } : {}),
    ...named,
    paths: steps.length === 0 ? [] : [steps],
    notes: isPath ? notes.filter((note) => note.place === undefined) : notes,
    conditions,
    machines: machinesOf(machines, notes),
    ...(isKnown(type) ? { record: { type, ...rest, ...named, notes, machines, conditions } } : {}),
  };
}

/** The note on a machine names it in brackets, and then the scenario that goes wrong. */
export function machinesOf(
  machines: readonly string[],
  notes: readonly { readonly message: string }[],
): readonly ShownMachine[] {
  return machines.map((machine) => {
    const note = notes.find(({ message }) => message.includes(`(${machine}): `));
    const scenario = /(?:\): |; )(\w+) reaches /.exec(note?.message ?? '')?.[1];
    return { machine, ...(scenario === undefined ? {} : { scenario }) };
  });
}

function textAt<K extends 'tree' | 'release'>(
  value: Readonly<Record<string, unknown>>,
  name: K,
): { readonly [N in K]?: string } | Record<never, never> {
  const text = value[name];
  return isObject({ text }) && typeof text === 'string' ? { [name]: text } : {};
}

function figuresOf(text: WholeText): AuditRun['figures'] {
  switch (text.kind) {
    case 'audit':
      return [
        [
          `questions about compiler and tools that the profile ${text.profile.name} answered`,
          String(text.profile.questions),
        ],
      ];
    case 'protocols':
      return [
        ['functions walked', String(text.functions)],
        ...text.protocols.map(
          ({ name, calls, files }) =>
            [`protocol ${name}`, `${calls} calls in ${files} files`] as const,
        ),
      ];
    case 'errptr':
      return [
        ['files of C', String(text.files)],
        ['functions', String(text.functions)],
        ['may return an error pointer', String(text.returning)],
        ['use what they return', String(text.callers)],
        ['calls whose definitions disagree', String(text.ambiguous)],
      ];
  }
}
