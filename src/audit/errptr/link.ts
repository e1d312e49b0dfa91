// Which functions of a program have to be walked: first those that make error pointers and those
// that test for them, then round by round all callers of functions that give error pointers.

import { at } from '../../base/index.ts';
import { ERROR } from './facts.ts';
import { knownAliases, nullOnFailure } from './known.ts';
import { Outcomes } from './outcome.ts';
import type { Program } from './program.ts';

const makers = new Set(['ERR_PTR', 'ERR_CAST']);
const testers = new Set(['IS_ERR', 'IS_ERR_OR_NULL', 'PTR_ERR', 'PTR_ERR_OR_ZERO']);

/** The rounds; each gives functions to walk, whose facts must be there before the next. */
export class Rounds {
  readonly program: Program;
  readonly asked = new Set<number>();
  /** Functions that may give an error pointer, whatever their arguments. */
  readonly erring = new Set<number>();
  readonly names = new Set<string>();
  /** Those of `names` of which a function was found since they were looked at. */
  readonly fresh = new Set<string>();
  readonly aliasNames = new Map<string, string[]>();
  /** Functions that may give what a name gives. */
  readonly dependents = new Map<string, number[]>();
  /** Asked for, and not yet looked at. */
  walked: number[] = [];

  constructor(program: Program) {
    this.program = program;
    for (const { aliases } of program.files) {
      for (const [name, target] of aliases) this.alias(name, target);
    }
    for (const [name, target] of knownAliases) this.alias(name, target);
  }

  alias(name: string, target: string): void {
    const known = this.aliasNames.get(target);
    if (known === undefined) this.aliasNames.set(target, [name]);
    else if (!known.includes(name)) known.push(name);
  }

  /** Ids in ascending order; empty when all is known. */
  next(): readonly number[] {
    const found =
      this.asked.size === 0 ? this.seeds() : [...this.callersOfErring(), ...this.siblings()];
    const pending = this.take(found);
    return pending.length > 0 ? pending : this.take(this.missing());
  }

  take(found: Iterable<number>): readonly number[] {
    const fresh = [...new Set(found)].filter((id) => !this.asked.has(id));
    for (const id of fresh) this.asked.add(id);
    this.walked.push(...fresh);
    return fresh.sort((a, b) => a - b);
  }

  seeds(): readonly number[] {
    return this.program.functions
      .filter(({ returnsPointer, calls }) =>
        calls.some((name) => testers.has(name) || (returnsPointer && makers.has(name))),
      )
      .map(({ id }) => id);
  }

  callersOfErring(): Set<number> {
    this.spread();
    const found = this.callers(this.fresh, this.asked);
    this.fresh.clear();
    return found;
  }

  /** Functions that want the value of a call that may give an error pointer, but for `without`. */
  callers(
    names: ReadonlySet<string> = this.names,
    without: ReadonlySet<number> = new Set(),
  ): Set<number> {
    const { program } = this;
    const found = new Set<number>();
    for (const name of names) {
      for (const id of program.callers.get(name) ?? []) {
        if (without.has(id)) continue;
        const targets = program.resolve(name, program.fileOf(id));
        if (targets.some((target) => this.erring.has(target))) found.add(id);
      }
    }
    return found;
  }

  /** Other definitions of a name that may give error pointers: they may disagree. */
  siblings(): readonly number[] {
    const { program } = this;
    return [...this.names].flatMap((name) =>
      (program.shared.get(name) ?? []).filter((id) => at(program.functions, id).returnsPointer),
    );
  }

  /** Finds all functions that may give error pointers among those walked. */
  spread(): void {
    const open = [...this.walked];
    this.walked = [];
    for (const id of open) this.depend(id);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (this.erring.has(id) || !this.errs(id)) continue;
      this.erring.add(id);
      for (const name of this.namesOf(at(this.program.functions, id).name)) {
        this.names.add(name);
        this.fresh.add(name);
        open.push(...(this.dependents.get(name) ?? []));
      }
    }
  }

  /** Notes whose answer depends on what the function calls. */
  depend(id: number): void {
    for (const { kinds, callee } of this.program.facts[id]?.returns ?? []) {
      if (callee === undefined || (kinds & ERROR) === 0) continue;
      const known = this.dependents.get(callee);
      if (known === undefined) this.dependents.set(callee, [id]);
      else known.push(id);
    }
  }

  /** The name and the macros that stand for it. */
  namesOf(name: string, found = new Set<string>()): ReadonlySet<string> {
    if (found.has(name)) return found;
    found.add(name);
    for (const other of this.aliasNames.get(name) ?? []) this.namesOf(other, found);
    return found;
  }

  errs(id: number): boolean {
    const { program } = this;
    const { name, returnsPointer } = at(program.functions, id);
    if (!returnsPointer || nullOnFailure.has(name)) return false;
    return (program.facts[id]?.returns ?? []).some(({ kinds, callee, unknown }) => {
      if ((kinds & ERROR) === 0 || unknown === true) return false;
      if (callee === undefined) return true;
      if (!this.names.has(callee)) return false;
      return program.resolve(callee, program.fileOf(id)).some((one) => this.erring.has(one));
    });
  }

  /** What must be walked to say of the called functions that they never give NULL, or an error. */
  missing(): readonly number[] {
    const { program } = this;
    const outcomes = new Outcomes(program);
    const found = new Set<number>();
    for (const id of this.asked) {
      for (const use of program.facts[id]?.uses ?? []) {
        const { callee, kind } = use;
        if (kind === 'untested') continue;
        const { error, missing } = outcomes.ofCall(callee, program.fileOf(id), use);
        if ((kind === 'error-tested') !== (error === undefined)) continue;
        for (const one of missing) found.add(one);
      }
    }
    return [...found];
  }
}
