// A small WebAssembly assembler: one function per instruction that the engine uses, each giving the
// bytes of its operands and itself. Operands come first, as on the stack machine they are for.
// Binary format: WebAssembly Core Specification 2.0, chapter 5, and the threads proposal.

/** Instructions in binary form, nested as they were put together; `flatten` gives the bytes. */
export type Code = readonly (number | Code)[];

/** A value type, by its byte in the binary format. */
export type ValueType = 0x7f | 0x7e;

/** A 32-bit integer: addresses, counts and truth values. */
export const I32: ValueType = 0x7f;
/** A 64-bit integer: words of a state and the values of fields. */
export const I64: ValueType = 0x7e;

/** Whole numbers from 0 to 2^32 - 1 in the variable-length form of the binary format. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value >>> 0;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

function signed(value: bigint): Code {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
    if (isLast) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const unary =
  (opcode: number) =>
  (a: Code): Code => [a, opcode];
const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, opcode];
const load =
  (opcode: number, align: number) =>
  (address: Code, offset = 0): Code => [address, opcode, align, unsigned(offset)];
const store =
  (opcode: number, align: number) =>
  (address: Code, value: Code, offset = 0): Code => [
    address,
    value,
    opcode,
    align,
    unsigned(offset),
  ];

/** Instructions on 32-bit integers. */
export const i32 = {
  const: (value: number): Code => [0x41, signed(BigInt(value | 0))],
  eqz: unary(0x45),
  eq: binary(0x46),
  ne: binary(0x47),
  ltU: binary(0x49),
  gtU: binary(0x4b),
  leU: binary(0x4d),
  geU: binary(0x4f),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  divU: binary(0x6e),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shrU: binary(0x76),
  /** The low half of a 64-bit integer. */
  wrap: unary(0xa7),
  load: load(0x28, 2),
  store: store(0x36, 2),
};

/** Instructions on 64-bit integers; comparisons give a 32-bit 0 or 1. */
export const i64 = {
  const: (value: bigint): Code => [0x42, signed(BigInt.asIntN(64, value))],
  eqz: unary(0x50),
  eq: binary(0x51),
  ne: binary(0x52),
  ltU: binary(0x54),
  gtU: binary(0x56),
  add: binary(0x7c),
  mul: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shrU: binary(0x88),
  /** A 32-bit integer, zero-extended. */
  extendU: unary(0xad),
  load: load(0x29, 3),
  load8U: load(0x31, 0),
  load32U: load(0x35, 2),
  store: store(0x37, 3),
};

/** The same accesses for memory that several workers share; sequentially consistent. */
export const atomic = {
  load32: (address: Code, offset = 0): Code => [address, 0xfe, 0x10, 2, unsigned(offset)],
  load64: (address: Code, offset = 0): Code => [address, 0xfe, 0x11, 3, unsigned(offset)],
  store32: (address: Code, value: Code): Code => [address, value, 0xfe, 0x17, 2, 0],
  /** Adds and gives the value before. */
  add32: (address: Code, value: Code, offset = 0): Code => [
    address,
    value,
    0xfe,
    0x1e,
    2,
    unsigned(offset),
  ],
  /** Replaces `expected` by `value` and gives what was found, which is `expected` on success. */
  compareExchange64: (address: Code, expected: Code, value: Code): Code => [
    address,
    expected,
    value,
    0xfe,
    0x49,
    3,
    0,
  ],
};

/** Fills memory from `address` on with zeros. */
export function zeroFill(address: Code, byteCount: Code): Code {
  return [address, i32.const(0), byteCount, 0xfc, 0x0b, 0];
}

/** A sequence whose end `br(0)` inside it leads to. */
export function block(...body: readonly Code[]): Code {
  return [0x02, 0x40, body, 0x0b];
}

/** A sequence whose start `br(0)` inside it leads to. */
export function loop(...body: readonly Code[]): Code {
  return [0x03, 0x40, body, 0x0b];
}

/** Runs `body` where the condition is not 0; counts as one block for branches inside. */
export function when(condition: Code, ...body: readonly Code[]): Code {
  return [condition, 0x04, 0x40, body, 0x0b];
}

/** Evaluates one of two expressions of the same type; `select` evaluates both. */
export function choose(type: ValueType, condition: Code, a: Code, b: Code): Code {
  return [condition, 0x04, type, a, 0x05, b, 0x0b];
}

/** The first value where the condition is not 0, else the second; both are evaluated. */
export function select(condition: Code, a: Code, b: Code): Code {
  return [a, b, condition, 0x1b];
}

/** Leaves `depth` blocks besides the innermost one, or starts that loop again. */
export function br(depth: number): Code {
  return [0x0c, unsigned(depth)];
}

/** Branches where the condition is not 0. */
export function brIf(depth: number, condition: Code): Code {
  return [condition, 0x0d, unsigned(depth)];
}

/** Branches by `depths[index]`, beyond the list by `otherwise`. */
export function brTable(index: Code, depths: readonly number[], otherwise: number): Code {
  return [index, 0x0e, unsigned(depths.length), depths.map(unsigned), unsigned(otherwise)];
}

/** Ends the function; its results must have been given as `values`. */
export function give(...values: readonly Code[]): Code {
  return [values, 0x0f];
}

/** Calls the function with this index. */
export function call(index: number, ...operands: readonly Code[]): Code {
  return [operands, 0x10, unsigned(index)];
}

/** Stops the program: reached only where a system's builder broke a rule of the IR. */
export const trap: Code = [0x00];

/** The bytes of nested code, in order. */
export function flatten(code: Code): number[] {
  const bytes: number[] = [];
  const append = (part: Code): void => {
    for (const one of part) {
      if (typeof one === 'number') bytes.push(one);
      else append(one);
    }
  };
  append(code);
  return bytes;
}
