// Numbers of the terms that comments.ts asks for.
// Made of litmus.grammar by npm run grammar: change that file, not this one.

/** The term HerdComment of the grammar. */
export const HerdComment = 1;

/** The term OpenParen of the grammar. */
export const OpenParen = 35;
