// Attach functions of a tree beside our own models of the same drivers: one paragraph for each,
// with what both find and what one of them finds alone.

import {
  type AttachAudit,
  type ComparedSystem,
  type DriverAttach,
  type MetItem,
  metItems,
} from '../audit/index.ts';
import { never } from '../base/index.ts';
import {
  type AttachEvent,
  type AttachItem,
  findingOf,
  learntText,
  witnessOf,
} from '../scenario/index.ts';
import { labelled, wrap } from './layout.ts';
import { attachWitnessLines } from './series-witness.ts';

/** The section of an audit; `verbose` adds what is not comparable, ways with places, automata. */
export function attachLines(
  audit: AttachAudit,
  options: { readonly verbose: boolean },
): readonly string[] {
  return [
    'Attach functions, explored: tree beside model',
    ...wrap(stateText(audit), 2),
    ...audit.drivers.flatMap((one) => [
      ...driverLines(one),
      ...(options.verbose ? verboseLines(one) : []),
    ]),
    ...audit.notCompared.flatMap(({ function: name, at }) =>
      wrap(`${at.file}:${at.line} ${name}(): no model of it to be compared with`, 2, 4),
    ),
  ];
}

/** What the tree is compared with. */
function stateText({ nearest }: AttachAudit): string {
  const { state, isOwn, differs } = nearest;
  const name = state.title.endsWith(state.id) ? state.title : `${state.id} (${state.title})`;
  const which = isOwn ? '' : ', the nearest of the catalogue';
  const says = differs.map(({ rule, from, to }) => `${rule.says} ${to}, not ${from}`).join('; ');
  const but = says === '' ? '' : `; the tree says otherwise: ${says}`;
  return `The model is that of ${name}${which}${but}.`;
}

function driverLines(driver: DriverAttach): readonly string[] {
  const { learnt, systems } = driver;
  const sum = (of: (one: ComparedSystem) => number): number =>
    systems.reduce((total, one) => total + of(one), 0);
  const ways =
    `${learnt.function}() at ${learnt.at.file}:${learnt.at.line}: ` +
    `${sum(({ tree }) => tree.ends)} ways of the tree, ` +
    `${sum(({ model }) => model.ends)} of the model, on ${systems.length} systems: ` +
    verdictText(driver);
  const lists = [
    ['both', metItems(driver, ({ agree }) => agree)],
    ['only in the tree', metItems(driver, ({ onlyTree }) => onlyTree)],
    ['only in the model', metItems(driver, ({ onlyModel }) => onlyModel)],
  ] as const;
  return [
    ...labelled(`  ${driver.driver}`, ways, LABEL),
    ...lists.flatMap(([head, items]) =>
      items.flatMap((one) => wrap(`${head}: ${metText(one, driver)}`, LABEL, LABEL + 2)),
    ),
    ...callsLines(driver),
    ...cutLines(driver),
  ];
}

const LABEL = 14;

/** One word for a driver: whether the tree does what the model says. */
function verdictText(driver: DriverAttach): string {
  const differs = driver.systems.some(
    ({ comparison }) => comparison.onlyModel.length + comparison.onlyTree.length > 0,
  );
  const isOpen = cuts(driver).length > 0;
  const rest = metItems(driver, ({ notComparable }) => notComparable).length;
  const open = isOpen ? ', not all ways of the tree gone' : '';
  const word = differs ? 'they differ' : 'agree';
  return `${word}${open}${rest === 0 ? '' : `; ${rest} of the model not comparable`}`;
}

function metText({ item, on }: MetItem, { systems }: DriverAttach): string {
  const isAll = on.length === systems.length;
  const where = on.map((id) => WHERE[id]).join(' and where ');
  return `${itemText(item)}${isAll ? '' : `, where ${where}`}`;
}

const WHERE: Readonly<Record<ComparedSystem['id'], string>> = {
  coherent: 'caches do not alias',
  aliases: 'caches alias',
  refused: 'alloc_dax() is made to refuse',
};

/** `leak of a disk after devm_init_badblocks() fails`, and the reason where there is one. */
export function itemText({ kind, what, after, why }: AttachItem): string {
  const way = after.length === 0 ? '' : ` after ${after.map((one) => `${one}()`).join(' and ')}`;
  const fails = after.length === 0 ? '' : after.length === 1 ? ' fails' : ' fail';
  const because = why === undefined ? '' : ` (${why})`;
  return `${kindText(kind, what)}${way}${fails}${because}`;
}

function kindText(kind: AttachItem['kind'], what: string): string {
  switch (kind) {
    case 'leak':
      return `leak of ${what}`;
    case 'twice':
      return `${what} is given back twice`;
    case 'oops':
      return `oops: ${what}`;
    case 'LOST':
    case 'rule':
    case 'NULL':
      return what;
    default:
      return never(kind, 'kind of finding');
  }
}

/** Calls that fail in one of the two: what the model leaves out, and what the tree lacks. */
function callsLines({ calls }: DriverAttach): readonly string[] {
  const of = (side: 'onlyModel' | 'onlyTree'): string =>
    calls[side].map((name) => `${name}()`).join(', ');
  const [model, tree] = [of('onlyModel'), of('onlyTree')];
  return [
    ...(tree === '' ? [] : wrap(`fails in the tree alone: ${tree}`, LABEL, LABEL + 2)),
    ...(model === '' ? [] : wrap(`fails in the model alone: ${model}`, LABEL, LABEL + 2)),
  ];
}

function cutLines(driver: DriverAttach): readonly string[] {
  return cuts(driver).flatMap((why) => wrap(`not checked: ${why}`, LABEL, LABEL + 2));
}

function cuts({ learnt, systems }: DriverAttach): readonly string[] {
  return [...new Set([...learnt.notChecked, ...systems.flatMap(({ tree }) => tree.notChecked)])];
}

/** What is not compared and why, the shortest way to each finding of the tree, the automaton. */
function verboseLines(driver: DriverAttach): readonly string[] {
  const open = metItems(driver, ({ notComparable }) => notComparable);
  const found = metItems(driver, ({ agree, onlyTree }) => [...onlyTree, ...agree]);
  return [
    ...open.flatMap((one) => wrap(`not compared: ${metText(one, driver)}`, 4, 6)),
    ...found.flatMap((one) => witnessLines(one, driver)),
    ...learntText(driver.learnt)
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
  ];
}

function witnessLines(met: MetItem, driver: DriverAttach): readonly string[] {
  const { systems, names, variant } = driver;
  const where = systems.find(({ id }) => id === met.on[0]);
  if (where === undefined) return [];
  const finding = findingOf(where.tree, met.item, names);
  if (finding === undefined) return [];
  const events = witnessOf(variant, where.system, finding).filter(isTold);
  return [
    ...wrap(`${itemText(met.item)}, where ${WHERE[where.id]}:`, 4, 6),
    ...attachWitnessLines(events).map((line) => `      ${line}`),
  ];
}

/** What happens on the model's objects is told by the calls of the tree that do it. */
function isTold(event: AttachEvent): boolean {
  return event.kind !== 'set' && (event.kind !== 'chance' || event.fails);
}
