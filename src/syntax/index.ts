export { highlight, MAX_HIGHLIGHTED, type Stretch, syntaxErrors } from './highlight.ts';
export { type SyntaxKind, syntaxKinds } from './highlighting.ts';
export { parser } from './tables.ts';
