// Objects that one function of a file keeps in a field and others find there: what the ones that
// detach leave out. A detach may be cut in two, so that one function ends the object and another
// frees it; half of one is a fault only where the file has no other half.

import type { Flow, Unit } from '../flow/index.ts';
import type { Protocol } from '../protocol/index.ts';
import {
  callExprsOf,
  callsOf,
  type End,
  type Held,
  type Problem,
  type Sources,
  type State,
} from '../walk/index.ts';
import { stepsOf } from './notes.ts';
import type { WalkedFunction } from './walk-file.ts';

/** A field in which the file keeps objects of a protocol. */
interface Kept {
  /** Type and members, e.g. `struct pmem_device.dax_dev`. */
  readonly place: string;
  readonly protocol: Protocol;
  readonly acquire: string;
  readonly state: State;
  /** Nothing but the file itself is known to give it back. */
  readonly isOurs: boolean;
  /** What functions of the file register it by. */
  readonly registers: ReadonlySet<string>;
}

/** What one end of a function did to an object that it found in a field. */
interface Touch {
  readonly walked: WalkedFunction;
  readonly end: End;
  readonly held: Held;
  /** Functions of protocols that were called before the end. */
  readonly calls: ReadonlySet<string>;
}

/** The functions that leave a half undone, each with its problems alone. */
export function halfDone(
  unit: Unit,
  functions: readonly WalkedFunction[],
  sources: Sources,
): readonly WalkedFunction[] {
  return keptBy(functions).flatMap((kept) => {
    // The function that keeps it deals with failures of its own.
    const others = functions.filter((walked) => !stores(walked, kept.place));
    const touches = others.flatMap((walked) => touchesOf(walked, kept.place));
    const problems = problemsOf(unit, kept, touches, sources);
    return problems.flatMap(({ by, problem }) => {
      const walked = by ?? functions[0];
      return walked === undefined ? [] : [{ ...walked, ends: [], problems: [problem] }];
    });
  });
}

function keptBy(functions: readonly WalkedFunction[]): readonly Kept[] {
  const found = new Map<string, Kept>();
  for (const { ends, walker } of functions) {
    for (const { kind, state } of ends) {
      if (kind === 'failure') continue;
      for (const step of stepsOf(state.trace)) {
        if (step.kind !== 'store' || step.object === null || step.place === undefined) continue;
        const held = state.objects.get(step.object);
        const site = held && walker.sites[held.site];
        if (held === undefined || site === undefined || held.released || found.has(step.place))
          continue;
        found.set(step.place, {
          place: step.place,
          protocol: site.protocol,
          acquire: site.acquire.function,
          state,
          isOurs: !held.escaped && state.deferred.length === 0,
          registers: new Set(registersOf(functions, site.protocol)),
        });
      }
    }
  }
  return [...found.values()];
}

/** Registrations of the protocol that a function of the file leaves in place when it succeeds. */
function registersOf(functions: readonly WalkedFunction[], protocol: Protocol): readonly string[] {
  return functions.flatMap(({ ends, walker }) =>
    ends.flatMap(({ kind, state }) => {
      if (kind === 'failure') return [];
      return [...state.objects.values()].flatMap(({ site, registered }) =>
        walker.sites[site]?.protocol === protocol ? registered.map((one) => one.function) : [],
      );
    }),
  );
}

function stores({ ends }: WalkedFunction, place: string): boolean {
  return ends.some(({ state }) =>
    stepsOf(state.trace).some((step) => step.kind === 'store' && step.place === place),
  );
}

function touchesOf(walked: WalkedFunction, place: string): readonly Touch[] {
  return walked.ends.flatMap((end) => {
    const own = [...end.state.objects.values()].filter((held) => held.place === place);
    const calls = new Set(
      stepsOf(end.state.trace).flatMap((step) => (step.kind === 'call' ? [step.function] : [])),
    );
    return own.map((held) => ({ walked, end, held, calls }));
  });
}

interface Told {
  readonly by: WalkedFunction | undefined;
  readonly problem: Problem;
}

function problemsOf(
  unit: Unit,
  kept: Kept,
  touches: readonly Touch[],
  sources: Sources,
): readonly Told[] {
  const { protocol, place } = kept;
  const frees = protocol.release.filter((one) => one.effect === 'frees').map((one) => one.function);
  const member = place.slice(place.lastIndexOf('.') + 1);
  const [type = ''] = /\w+(?=\.)/.exec(place) ?? [];
  const isElsewhere = frees.some((one) => sources.isElsewhere([one, type, member], unit));
  const freed = touches.filter(({ held }) => held.released !== undefined);
  // Who registers an object itself undoes that on its own way out, and no more.
  const begun = touches.filter(
    ({ held, calls }) =>
      held.released === undefined &&
      held.done.length > 0 &&
      !protocol.register.some((one) => calls.has(one.function)),
  );
  if (isElsewhere) return [];
  return [
    ...(freed.length === 0 && begun.length === 0 ? forgotten(unit, kept, frees) : []),
    ...begun.flatMap((touch) => notFreed(touch, kept, freed)),
    ...freed.flatMap((touch) => notEnded(touch, kept, begun)),
    ...notUndone(kept, freed, touches),
  ];
}

/**
 * Functions that free the memory which the object is kept in, where nothing in the file gives the
 * object back; but not those that make such memory, and may not have got as far.
 */
function forgotten(unit: Unit, kept: Kept, frees: readonly string[]): readonly Told[] {
  const { place, protocol, acquire, state, isOurs } = kept;
  const type = place.replace(/\..*$/, '');
  if (!isOurs) return [];
  return unit.flows.flatMap((flow) => {
    const types = typesOf(flow);
    const free = callExprsOf(flow).find(({ callee = '', args: [memory] }) => {
      const isFree = /^(?:k|kv|v|kmem_)free$/.test(callee) && memory?.kind === 'name';
      return isFree && types.get(memory.name) === type;
    });
    if (free === undefined || reaches(unit, flow, [...frees, acquire, ...ALLOCATES])) return [];
    const message = `${flow.name}() frees ${type}, and not the ${protocol.title} in ${place}`;
    const at = { unit, at: free.at };
    const problem: Problem = {
      type: 'LEAK',
      protocol,
      where: at,
      function: flow.name,
      message,
      state,
      site: undefined,
    };
    return [{ by: undefined, problem }];
  });
}

const ALLOCATES = [
  'kzalloc',
  'kvzalloc',
  'kzalloc_node',
  'kvzalloc_node',
  'kmalloc',
  'kmem_zalloc',
];

function typesOf(flow: Flow): ReadonlyMap<string, string> {
  const all = [...flow.params, ...flow.nodes.filter((node) => node.kind === 'declare')];
  return new Map(all.map(({ name, type }) => [name ?? '', type.replace(/[\s*]+$/, '')]));
}

/** Whether a function calls one of others, or a function of the file does that it calls. */
function reaches(
  unit: Unit,
  flow: Flow,
  names: readonly string[],
  above: readonly string[] = [],
): boolean {
  return callsOf(flow).some((callee) => {
    if (names.includes(callee)) return true;
    if (above.includes(callee)) return false;
    const inner = unit.flows.find((one) => one.name === callee);
    return inner !== undefined && reaches(unit, inner, names, [...above, callee]);
  });
}

/** Ended, or unregistered, and then forgotten: no function of the file does the rest. */
function notFreed(
  { walked, end, held }: Touch,
  kept: Kept,
  freed: readonly Touch[],
): readonly Told[] {
  const { protocol, place } = kept;
  const last = held.done.at(-1) ?? '';
  if (freed.some((one) => !one.held.done.includes(last))) return [];
  const message = `${walked.flow.name}() calls ${last}() for ${place}, and never gives it back`;
  return [told('LEAK', protocol, walked, end.state, { name: last, message })];
}

/** Given back, without the steps that come before, which no other function of the file takes. */
function notEnded(
  { walked, end, held }: Touch,
  kept: Kept,
  begun: readonly Touch[],
): readonly Told[] {
  const { protocol, place } = kept;
  const last = held.done.at(-1) ?? '';
  const release = protocol.release.find((one) => one.function === last);
  const ends = (release?.after ?? []).filter((name) =>
    protocol.release.some((one) => one.function === name),
  );
  const missing = ends.find((one) => !held.done.includes(one));
  if (missing === undefined || begun.some((one) => one.held.done.includes(missing))) return [];
  const message = `${last}() for ${place} without ${missing}() before it`;
  return [told('RELEASE_ORDER', protocol, walked, end.state, { name: last, message })];
}

/** Given back on every path of a function without being unregistered on any. */
function notUndone(
  { protocol, place, registers }: Kept,
  freed: readonly Touch[],
  touches: readonly Touch[],
): readonly Told[] {
  return protocol.register.flatMap(({ function: name, undo }) => {
    if (!registers.has(name)) return [];
    const elsewhere = touches.some(
      ({ held, calls }) =>
        held.released === undefined && calls.has(undo.function) && !calls.has(name),
    );
    if (elsewhere) return [];
    const functions = [...new Set(freed.map(({ walked }) => walked))];
    return functions.flatMap((walked) => {
      const own = freed.filter((one) => one.walked === walked);
      const [first] = own;
      if (first === undefined || own.some(({ calls }) => calls.has(undo.function))) return [];
      const last = first.held.done.at(-1) ?? '';
      const message = `${last}() for ${place} without ${undo.function}() before it`;
      return [told('NOT_UNREGISTERED', protocol, walked, first.end.state, { name: last, message })];
    });
  });
}

function told(
  type: Problem['type'],
  protocol: Protocol,
  walked: WalkedFunction,
  state: State,
  { name, message }: { readonly name: string; readonly message: string },
): Told {
  const step = stepsOf(state.trace).findLast((one) => one.kind === 'call' && one.function === name);
  const where = step?.where ?? { unit: walked.unit, at: walked.flow.at };
  const { name: inFunction } = walked.flow;
  const problem: Problem = {
    type,
    protocol,
    where,
    function: inFunction,
    message,
    state,
    site: undefined,
  };
  return { by: walked, problem };
}
