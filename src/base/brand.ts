// Numbers that must not be mixed: a branded number is still a number at run time, but a virtual
// address does not compile where a set index is wanted.

declare const brandKey: unique symbol;

/** A number of the kind `Name`; made by `brand()` only, readable as any number. */
export type Brand<Name extends string> = number & { readonly [brandKey]: Name };

/** Gives `value` the kind `Name`; the caller states that the number is one. */
export function brand<Name extends string>(value: number): Brand<Name> {
  return value as Brand<Name>;
}
