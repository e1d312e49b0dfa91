// SARIF 2.1.0 of any tool: runs, rules, results with their locations and code flows, suppressions,
// and what a tool says it could not do. Of ours the properties are read as well.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/

import { findingTypes } from '../../audit/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import { isObject, readEach, unknownParts } from './lenient.ts';
import { machinesOf } from './record.ts';
import { locationSchema, type SarifResult, type SarifRule, type SarifRun } from './sarif-parts.ts';
import { notificationSchema, resultSchema, ruleSchema, runSchema } from './sarif-parts.ts';
import { flowsOf, messageOf, stepOf } from './sarif-steps.ts';
import type { AuditFile, AuditRun, NotShown, RuleInfo, ShownFinding, ShownOpen } from './shown.ts';

/** What to do about a log that is none. */
const SARIF_HINT = 'write one with: dachs audit TREE --format sarif -o FILE.sarif';

/** Whether the record means to be SARIF. */
export function looksLikeSarif(value: Readonly<Record<string, unknown>>): boolean {
  const { $schema } = value;
  return 'runs' in value || (typeof $schema === 'string' && $schema.includes('sarif'));
}

/** Reads a log; a Problem where it is of another version or has no runs. */
export function readSarif(
  value: Readonly<Record<string, unknown>>,
  where: string,
): Result<AuditFile> {
  const { version, runs } = value;
  if (version !== '2.1.0') {
    const what = `version: it is ${JSON.stringify(version) ?? 'none'}, SARIF 2.1.0 is read here`;
    return fail({ what, where, hint: SARIF_HINT });
  }
  if (!Array.isArray(runs)) {
    return fail({
      what: 'runs: it is no list, so there is nothing to show',
      where,
      hint: SARIF_HINT,
    });
  }
  const read = runs.map((run: unknown, i) => readRun(run, `runs.${i}`));
  return ok({
    form: 'sarif',
    runs: read.flatMap(({ run }) => (run === undefined ? [] : [run])),
    notShown: [
      ...read.flatMap(({ notShown }) => notShown),
      ...unknownParts(value, '', ['$schema', 'version', 'runs', 'properties']),
    ],
  });
}

const SHOWN_RUN = [
  'tool',
  'results',
  'invocations',
  'artifacts',
  'originalUriBaseIds',
  'columnKind',
  'properties',
];
const SHOWN_RESULT = [
  'ruleId',
  'ruleIndex',
  'rule',
  'kind',
  'level',
  'message',
  'locations',
  'relatedLocations',
  'codeFlows',
  'suppressions',
  'baselineState',
  'partialFingerprints',
  'fingerprints',
  'guid',
  'correlationGuid',
  'properties',
  'analysisTarget',
  'rank',
];

interface ReadRun {
  readonly run?: AuditRun;
  readonly notShown: readonly NotShown[];
}

function readRun(value: unknown, where: string): ReadRun {
  const [read] = readEach([value], where, runSchema).values;
  if (read === undefined || !isObject(value)) {
    const why = 'it is no run: the name of its tool is missing';
    return { notShown: [{ where, why }] };
  }
  const rules = readEach(read.tool.driver.rules, `${where}.tool.driver.rules`, ruleSchema);
  const more = (read.tool.extensions ?? []).map((one, i) =>
    readEach(one.rules, `${where}.tool.extensions.${i}.rules`, ruleSchema),
  );
  const results = readEach(read.results, `${where}.results`, resultSchema);
  const notes = (read.invocations ?? []).map((one, i) => {
    const at = `${where}.invocations.${i}`;
    return [
      readEach(
        one.toolExecutionNotifications,
        `${at}.toolExecutionNotifications`,
        notificationSchema,
      ),
      readEach(
        one.toolConfigurationNotifications,
        `${at}.toolConfigurationNotifications`,
        notificationSchema,
      ),
    ];
  });
  const context: Context = {
    run: read,
    isOurs: read.tool.driver.name === 'Dachs',
    components: [rules.values, ...more.map(({ values }) => values)],
  };
  const { name, version, semanticVersion } = read.tool.driver;
  const release = read.properties?.['release'];
  const run: AuditRun = {
    tool: [name, version ?? semanticVersion].filter((part) => part !== undefined).join(' '),
    ...treeOf(read),
    ...(typeof release === 'string' ? { release } : {}),
    figures: [],
    findings: results.values.map((one) => shownResult(one, context)),
    rules: context.components.flat().map(ruleInfo),
    exempt: [],
    notChecked: notes.flat().flatMap(({ values }) => values.map((one) => openOf(one, context))),
  };
  const notShown = [rules, ...more, results, ...notes.flat()].flatMap((one) => one.notShown);
  return {
    run,
    notShown: [
      ...notShown,
      ...unknownParts(value, where, SHOWN_RUN),
      ...partsOfResults(read.results, `${where}.results`),
      ...failedRuns(read, where),
    ],
  };
}

/** Where the paths of the run start. */
function treeOf({ originalUriBaseIds }: SarifRun): { readonly tree?: string } {
  const uri = Object.values(originalUriBaseIds ?? {}).find((one) => one.uri !== undefined)?.uri;
  return uri === undefined ? {} : { tree: uri };
}

function failedRuns({ invocations = [] }: SarifRun, where: string): readonly NotShown[] {
  return invocations.flatMap(({ executionSuccessful }, i) => {
    if (executionSuccessful !== false) return [];
    return [{ where: `${where}.invocations.${i}`, why: 'the tool says that this run failed' }];
  });
}

/** Parts of results that are not shown, once for each name. */
function partsOfResults(results: unknown, where: string): readonly NotShown[] {
  if (!Array.isArray(results)) return [];
  const counts = new Map<string, number>();
  for (const one of results) {
    if (!isObject(one)) continue;
    for (const { where: name } of unknownParts(one, '', SHOWN_RESULT)) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].map(([name, count]) => {
    const results_ = count === 1 ? 'result' : 'results';
    return { where, why: `'${name}' of ${count} ${results_} is not shown` };
  });
}

interface Context {
  readonly run: SarifRun;
  readonly isOurs: boolean;
  /** Rules of the driver, then of each extension. */
  readonly components: readonly (readonly SarifRule[])[];
}

function ruleOf(result: SarifResult, { components }: Context): SarifRule | undefined {
  const { rule, ruleId, ruleIndex } = result;
  const component =
    components[rule?.toolComponent?.index === undefined ? 0 : rule.toolComponent.index + 1];
  const index = rule?.index ?? ruleIndex;
  if (index !== undefined && index >= 0) {
    const found = component?.[index];
    if (found !== undefined) return found;
  }
  const id = rule?.id ?? ruleId;
  // An id may go on behind that of its rule: `CA1000/1`.
  return components.flat().find((one) => one.id === id || id?.startsWith(`${one.id}/`) === true);
}

function shownResult(result: SarifResult, context: Context): ShownFinding {
  const { run, isOurs } = context;
  const rule = ruleOf(result, context);
  const type = result.ruleId ?? result.rule?.id ?? rule?.id ?? 'no rule';
  const properties = isOurs ? (result.properties ?? {}) : {};
  const [location] = result.locations ?? [];
  const place = location === undefined ? undefined : stepOf(location, run).place;
  const logical = location?.logicalLocations?.[0];
  const name = logical?.name ?? logical?.fullyQualifiedName;
  const [message = '', ...lines] = textLines(messageOf(result.message, rule), isOurs);
  const conditions = texts(properties['conditions']);
  const paths = flowsOf(result, run);
  const related = (result.relatedLocations ?? []).map((one) => stepOf(one, run));
  const lineNotes = lines
    .filter((line) => conditions.length === 0 || !line.startsWith('only with '))
    .map((line) => ({ message: line }));
  // Of ours the related places are the path again.
  const notes = [...(isOurs && paths.length > 0 ? [] : related), ...lineNotes];
  const others = (result.locations ?? []).slice(1).map((one) => stepOf(one, run));
  const reach = REACH.find((word) => word === properties['reach']);
  const suppressed = suppressionOf(result);
  return {
    type,
    level: levelOf(result, rule, properties['level']),
    ...(place === undefined ? {} : { place }),
    message,
    ...(reach === undefined ? {} : { reach }),
    ...(name === undefined ? {} : { function: name }),
    paths,
    notes: [...others.map((one) => ({ ...one, message: one.message || 'also here' })), ...notes],
    conditions,
    machines: machinesOf(texts(properties['machines']), notes),
    ...(suppressed === undefined ? {} : { suppressed }),
    ...(result.baselineState === undefined ? {} : { state: result.baselineState }),
  };
}

const REACH = ['reachable', 'latent', 'not-checked'] as const;
const LEVELS = ['error', 'warning', 'note', 'none'] as const;

/** Our message has notes about no place as lines of their own; that of others stays whole. */
function textLines(text: string, isOurs: boolean): readonly string[] {
  return isOurs ? text.split('\n') : [text];
}

function levelOf(
  result: SarifResult,
  rule: SarifRule | undefined,
  own: unknown,
): ShownFinding['level'] {
  if (own === 'check') return 'check';
  if (result.kind !== undefined && result.kind !== 'fail') return 'none';
  const given = result.level ?? rule?.defaultConfiguration?.level;
  return LEVELS.find((level) => level === given) ?? 'warning';
}

function suppressionOf({ suppressions = [] }: SarifResult): string | undefined {
  const counted = suppressions.find(({ status }) => status === undefined || status === 'accepted');
  if (counted === undefined) return undefined;
  return counted.justification ?? `suppressed (${counted.kind ?? 'no kind given'})`;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function ruleInfo(rule: SarifRule): RuleInfo {
  const { id, name, shortDescription, fullDescription, help, helpUri } = rule;
  const known = findingTypes.find((info) => info.type === id);
  return {
    type: id,
    title: known?.title ?? shortDescription?.text ?? name ?? id,
    text: known?.meaning ?? fullDescription?.text ?? help?.text ?? '',
    ...(helpUri === undefined ? {} : { link: helpUri }),
  };
}

function openOf(
  one: { readonly message: SarifResult['message']; readonly locations?: readonly unknown[] },
  { run }: Context,
): ShownOpen {
  const text = messageOf(one.message, undefined);
  const [, subject = 'the tool says', why = text] = /^not checked: (.*?): (.*)$/s.exec(text) ?? [];
  const [location] = readEach(one.locations, '', locationSchema).values;
  const place = location === undefined ? undefined : stepOf(location, run).place;
  return { ...(place === undefined ? {} : { place }), subject, why };
}
