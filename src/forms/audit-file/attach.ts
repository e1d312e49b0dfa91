// The part `attach` of an audit's record: automata of attach functions, read back into what the
// explorer runs. schemas/attach.schema.json has it.

import * as v from 'valibot';
import {
  type AttachItem,
  findingKinds,
  type LearntNode,
  type LearntResult,
} from '../../scenario/index.ts';
import { isObject, readEach, wrongPart } from './lenient.ts';
import type { NotShown, ShownAttachAudit, ShownDriver, ShownSide } from './shown.ts';

const target = v.pipe(v.number(), v.integer());
const place = { file: v.string(), line: v.number() };
const texts = v.array(v.string());

const result = v.custom<LearntResult>(
  (value) => typeof value === 'string' && /^(?:ok|NULL|error|-\w+)$/.test(value),
  'expected "ok", "NULL", "error" or an error by name',
);

const call = v.pipe(
  v.object({
    kind: v.literal('call'),
    function: v.string(),
    ...place,
    object: v.optional(v.nullable(target)),
    outcomes: v.array(v.object({ result, next: target })),
  }),
  v.transform(({ file, line, object, ...rest }): LearntNode => {
    return { ...rest, object, at: { file, line } };
  }),
);

const question = v.pipe(
  v.object({ kind: v.literal('question'), text: v.string(), ...place, yes: target, no: target }),
  v.transform(({ file, line, ...rest }): LearntNode => ({ ...rest, at: { file, line } })),
);

const store = v.pipe(
  v.object({
    kind: v.literal('store'),
    field: v.string(),
    object: v.nullable(target),
    ...place,
    next: target,
  }),
  v.transform(({ file, line, ...rest }): LearntNode => ({ ...rest, at: { file, line } })),
);

const flag = v.pipe(
  v.object({ kind: v.literal('flag'), flag: v.string(), ...place, next: target }),
  v.transform(({ file, line, ...rest }): LearntNode => ({ ...rest, at: { file, line } })),
);

const failed = v.pipe(
  v.object({ kind: v.literal('failed'), errno: v.nullable(v.string()) }),
  v.transform(({ kind, errno }): LearntNode => ({ kind, errno: errno ?? undefined })),
);

const node = v.variant('kind', [
  call,
  question,
  store,
  flag,
  v.object({ kind: v.literal('attached'), next: target }),
  failed,
  v.object({ kind: v.literal('detached') }),
]);

const item = v.pipe(
  v.object({
    kind: v.picklist(findingKinds),
    what: v.string(),
    after: texts,
    why: v.nullable(v.string()),
  }),
  v.transform(({ why, ...rest }): AttachItem => ({ ...rest, ...(why === null ? {} : { why }) })),
);

const SIDES = [
  ['agree', 'both'],
  ['onlyTree', 'onlyTree'],
  ['onlyModel', 'onlyModel'],
  ['notComparable', 'notComparable'],
] as const satisfies readonly (readonly [string, ShownSide])[];

const system = v.pipe(
  v.object({
    title: v.string(),
    ways: v.object({ tree: v.number(), model: v.number() }),
    notChecked: texts,
    agree: v.array(item),
    onlyTree: v.array(item),
    onlyModel: v.array(item),
    notComparable: v.array(item),
  }),
  v.transform(({ title, ways, notChecked, ...lists }) => {
    const items = SIDES.flatMap(([list, side]) => lists[list].map((one) => ({ ...one, side })));
    return { title, ways, notChecked, items };
  }),
);

const driver = v.pipe(
  v.object({
    driver: v.string(),
    function: v.string(),
    ...place,
    automaton: v.object({
      objects: v.array(v.object({ protocol: v.string(), acquire: v.string(), ...place })),
      nodes: v.array(node),
    }),
    notChecked: texts,
    calls: v.object({ onlyTree: texts, onlyModel: texts }),
    systems: v.array(system),
  }),
  v.transform((one): ShownDriver => {
    const { driver: name, file, line, automaton, notChecked, calls, systems } = one;
    const objects = automaton.objects.map(({ protocol, acquire, ...at }) => {
      return { protocol, acquire, at: { file: at.file, line: at.line } };
    });
    const { nodes } = automaton;
    const learnt = { function: one.function, at: { file, line }, objects, nodes, notChecked };
    return { driver: name, learnt, calls, systems };
  }),
);

const state = v.object({
  id: v.string(),
  title: v.string(),
  ownRelease: v.boolean(),
  differs: v.array(
    v.object({ rule: v.string(), file: v.string(), state: v.unknown(), tree: v.unknown() }),
  ),
});

/** Reads the part at `where`; what of it is broken is named, the rest is shown. */
export function readAttach(
  value: unknown,
  where: string,
): { readonly attach?: ShownAttachAudit; readonly notShown: readonly NotShown[] } {
  if (value === undefined || value === null) return { notShown: [] };
  if (!isObject(value)) return { notShown: [{ where, why: 'it is no object' }] };
  const drivers = readEach(value['drivers'], `${where}.drivers`, driver);
  const model = v.safeParse(state, value['state']);
  const rest = readEach(
    value['notCompared'],
    `${where}.notCompared`,
    v.object({ function: v.string(), ...place }),
  );
  return {
    attach: {
      model: model.success ? modelText(model.output) : '',
      drivers: drivers.values,
      notCompared: rest.values.map((one) => `${one.file}:${one.line} ${one.function}()`),
    },
    notShown: [
      ...drivers.notShown,
      ...rest.notShown,
      ...(model.success ? [] : [wrongPart(`${where}.state`, model.issues[0])]),
    ],
  };
}

function modelText({ id, title, ownRelease, differs }: v.InferOutput<typeof state>): string {
  const name = title.endsWith(id) ? title : `${id} (${title})`;
  const rules = differs.map(({ rule }) => rule).join(', ');
  return (
    `The model is that of ${name}${ownRelease ? '' : ', the nearest of the catalogue'}` +
    `${rules === '' ? '' : `; the tree has another rule: ${rules}`}.`
  );
}
