// What a call may give: decided over the whole program from what each function returns by itself.

import { at } from '../../base/index.ts';
import { ANY, ERROR, NULL_, type Returned, VALID } from './facts.ts';
import { argumentErrors, nullOnFailure } from './known.ts';
import type { Program } from './program.ts';

/** Where an error pointer, or NULL, comes from: the function that makes it, and the way to it. */
export interface Origin {
  readonly function: number;
  readonly at: number;
}

/** What a call may give. `ways` lead from the called function to where the value is made. */
export interface Outcome {
  readonly error: readonly Origin[] | undefined;
  /** The same for errors that are about an argument: see argumentErrors. */
  readonly invalid: readonly Origin[] | undefined;
  readonly null: readonly Origin[] | 'known' | undefined;
  /** Something of it is not known: it may give what is not said here. */
  readonly unknown: boolean;
  /** Definitions of the name disagree. */
  readonly ambiguous: boolean;
  /** Functions that must be walked before it can be told. */
  readonly missing: readonly number[];
}

/** Calls that are followed one into the other. */
const deepest = 12;

const nothing: Outcome = {
  error: undefined,
  invalid: undefined,
  null: undefined,
  unknown: true,
  ambiguous: false,
  missing: [],
};

/** What is known of the arguments of a call. */
export interface Given {
  readonly args?: string;
  readonly constants?: readonly string[];
}

/** Answers for calls; the answers hold for the facts that the program has now. */
export class Outcomes {
  readonly program: Program;
  readonly known = new Map<string, Outcome>();
  /** Circles met so far: an answer that met one holds for its question alone. */
  circles = 0;

  constructor(program: Program) {
    this.program = program;
  }

  /** What a call of `name` in `file` gives, as far as its arguments are known. */
  ofCall(name: string, file: number, given: Given): Outcome {
    return this.call(name, file, given, []);
  }

  call(name: string, file: number, given: Given, active: readonly number[]): Outcome {
    if (nullOnFailure.has(name)) return { ...nothing, null: 'known', unknown: false };
    const ids = this.program.resolve(name, file);
    if (ids.length === 0) return nothing;
    const all = ids.map((id) => ({ id, outcome: this.ofFunction(id, given, active) }));
    const real = all.filter(({ id }) => !this.isStub(id));
    const outcomes = (real.length > 0 ? real : all).map((one) => one.outcome);
    if (real.length === 0 && all.every(({ id }) => this.isInHeader(id))) return nothing;
    const [first] = outcomes;
    if (first === undefined) return nothing;
    if (outcomes.length === 1) return first;
    const erring = outcomes.filter((one) => one.error !== undefined || one.invalid !== undefined);
    const agree = erring.length === outcomes.length;
    return {
      error: agree ? first.error : undefined,
      invalid: agree ? first.invalid : undefined,
      null: outcomes.find((one) => one.null !== undefined)?.null,
      unknown: outcomes.some((one) => one.unknown),
      ambiguous: erring.length > 0 && erring.length < outcomes.length,
      missing: outcomes.flatMap((one) => one.missing),
    };
  }

  isInHeader(id: number): boolean {
    return at(this.program.files, this.program.fileOf(id)).isHeader;
  }

  /** A body that is one constant: what stands in where the real function is not configured. */
  isStub(id: number): boolean {
    const facts = this.program.facts[id];
    if (facts === undefined || facts.returns.length !== 1) return false;
    const [only] = facts.returns;
    const { start, end } = at(this.program.functions, id);
    const isConstant = only?.callee === undefined && only?.unknown !== true;
    return isConstant && facts.uses.length === 0 && end - start < longestStub;
  }

  ofFunction(id: number, given: Given, active: readonly number[]): Outcome {
    if (active.includes(id) || active.length > deepest) {
      this.circles++;
      return { ...nothing, unknown: false };
    }
    const key = `${id} ${given.args ?? ''} ${given.constants?.join(' ') ?? ''}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const { circles } = this;
    const made = this.compute(id, given, [...active, id]);
    if (active.length === 0 || this.circles === circles) this.known.set(key, made);
    return made;
  }

  compute(id: number, given: Given, active: readonly number[]): Outcome {
    const { program } = this;
    const facts = program.facts[id];
    const one = at(program.functions, id);
    if (!one.returnsPointer) return nothing;
    if (facts === undefined) return { ...nothing, missing: [id] };
    if (facts.notChecked !== undefined) return nothing;
    let error: readonly Origin[] | undefined;
    let invalid: readonly Origin[] | undefined;
    let isNull: Outcome['null'];
    let unknown = false;
    const missing: number[] = [];
    for (const way of facts.returns) {
      if (!isTaken(way, facts.params, given)) continue;
      const here = { function: id, at: way.at };
      if (way.callee === undefined) {
        if (way.unknown === true) unknown = true;
        else if ((way.kinds & ERROR) !== 0) {
          if (argumentErrors.has(way.errno ?? '')) invalid ??= [here];
          else error ??= [here];
        }
        if (way.unknown !== true && (way.kinds & NULL_) !== 0) isNull ??= [here];
        continue;
      }
      if ((way.kinds & (ERROR | NULL_)) === 0) continue;
      const inner = this.call(way.callee, one.file, way, active);
      missing.push(...inner.missing);
      if ((way.kinds & ERROR) !== 0) {
        if (inner.error !== undefined) error ??= [here, ...inner.error];
        if (inner.invalid !== undefined) invalid ??= [here, ...inner.invalid];
        unknown ||= inner.unknown || inner.ambiguous;
      }
      if ((way.kinds & NULL_) !== 0) {
        if (inner.null !== undefined)
          isNull ??= inner.null === 'known' ? [here] : [here, ...inner.null];
        unknown ||= inner.unknown;
      }
    }
    return { error, invalid, null: isNull, unknown, ambiguous: false, missing };
  }
}

/** Characters of a stub, its head included. */
const longestStub = 400;

/** Whether such arguments may lead along this way; pointers are taken to be valid. */
function isTaken(way: Returned, params: string, given: Given): boolean {
  for (let i = 0; i < (way.when?.length ?? 0); i++) {
    const demanded = Number(way.when?.[i]);
    const kinds = Number(given.args?.[i] ?? ANY);
    if (((kinds === ANY && params[i] === 'p' ? VALID : kinds) & demanded) === 0) return false;
  }
  return (way.bits ?? []).every(([parameter, bit, kinds]) => {
    const constant = given.constants?.[parameter] ?? '';
    if (constant === '') return true;
    // Constants with two names have no bit in common: they are flags.
    return (kinds & (constant === bit ? VALID : NULL_)) !== 0;
  });
}
