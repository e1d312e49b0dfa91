// Functions, globals and one imported memory, put together to the bytes of a WebAssembly module.

import { assert } from '../../base/index.ts';
import { type Code, flatten, I32, i32, unsigned, type ValueType } from './assembler.ts';

/** Something that holds a value: a parameter, a local of one function, or a global. */
export interface Variable {
  readonly get: Code;
  readonly set: (value: Code) => Code;
}

/** What the body of a function is written with. */
export interface Scope {
  /** The parameter with this number. */
  readonly param: (index: number) => Variable;
  /** A new local; it starts as 0. */
  readonly local: (type: ValueType) => Variable;
}

/** One function of a module, and how many values of which type it takes and gives. */
export interface Func {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** The memory that a module imports as `engine.memory`. */
export interface MemoryNeed {
  readonly initialPages: number;
  readonly maximumPages: number;
  readonly isShared: boolean;
}

/** Writes one function; `body` asks the scope for its parameters and locals. */
export function func(
  name: string,
  signature: { readonly params?: readonly ValueType[]; readonly results?: readonly ValueType[] },
  body: (scope: Scope) => Code,
): Func {
  const params = signature.params ?? [];
  const locals: ValueType[] = [];
  const scope: Scope = {
    param(index) {
      assert(index < params.length, `${name} has parameter ${index}`);
      return variable(0x20, 0x21, index);
    },
    local(type) {
      locals.push(type);
      return variable(0x20, 0x21, params.length + locals.length - 1);
    },
  };
  return { name, params, results: signature.results ?? [], body: body(scope), locals };
}

/** The 32-bit global with this number. */
export function globalAt(index: number): Variable {
  return variable(0x23, 0x24, index);
}

function variable(getter: number, setter: number, index: number): Variable {
  return {
    get: [getter, unsigned(index)],
    set: (value) => [value, setter, unsigned(index)],
  };
}

/** The module's bytes. Every function and every global (32 bits, starting at 0) is exported. */
export function moduleBytes(
  funcs: readonly Func[],
  globals: readonly string[],
  memory: MemoryNeed,
): Uint8Array {
  const limits = [
    memory.isShared ? 3 : 1,
    unsigned(memory.initialPages),
    unsigned(memory.maximumPages),
  ];
  const sections: Code = [
    section(1, vector(funcs.map((f) => [0x60, vector(f.params), vector(f.results)]))),
    section(2, vector([[text('engine'), text('memory'), 2, limits]])),
    section(3, vector(funcs.map((_, i) => unsigned(i)))),
    section(6, vector(globals.map(() => [I32, 1, i32.const(0), 0x0b]))),
    section(
      7,
      vector([
        ...funcs.map((f, i) => [text(f.name), 0, unsigned(i)]),
        ...globals.map((name, i) => [text(name), 3, unsigned(i)]),
      ]),
    ),
    section(10, vector(funcs.map(functionCode))),
  ];
  return Uint8Array.from(flatten([[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], sections]));
}

function functionCode(f: Func): Code {
  return sized([vector(f.locals.map((type) => [1, type])), f.body, 0x0b]);
}

function section(id: number, content: Code): Code {
  return [id, sized(content)];
}

function sized(content: Code): Code {
  const bytes = flatten(content);
  return [unsigned(bytes.length), bytes];
}

function vector(items: readonly (number | Code)[]): Code {
  return [unsigned(items.length), items];
}

function text(name: string): Code {
  return vector(Array.from(name, (letter) => letter.charCodeAt(0)));
}
