// What each node of the grammar is to the eye: one table for the terminal and for editors.

import { styleTags, tags } from '@lezer/highlight';

/** What a stretch of text may be. */
export const syntaxKinds = [
  'keyword',
  'primitive',
  'register',
  'number',
  'comment',
  'name',
  'string',
  'operator',
] as const;

/** What a stretch of text is. */
export type SyntaxKind = (typeof syntaxKinds)[number];

/** Nodes of each kind; a node that is in none looks like the text around it. */
const nodes: Readonly<Record<SyntaxKind, string>> = {
  keyword:
    'DAX page int struct spinlock_t cpu device file on mount fail crash anywhere void if else ' +
    'while locations filter exists forall not true false KeyName TypeName OptionName',
  primitive: 'CallName',
  register: 'Register',
  number: 'Number ErrorName',
  comment: 'LineComment BlockComment HerdComment',
  name: 'Name ThreadName MemberName TestName FileSystem DeviceKind',
  string: 'String KeyValue',
  operator: '= == != < > <= >= + - * & && || ! -> /\\ \\/ => ~',
};

const tagOf: Readonly<Record<SyntaxKind, typeof tags.keyword>> = {
  keyword: tags.keyword,
  primitive: tags.function(tags.variableName),
  register: tags.local(tags.variableName),
  number: tags.number,
  comment: tags.comment,
  name: tags.variableName,
  string: tags.string,
  operator: tags.operator,
};

const pairs = syntaxKinds.flatMap((kind) =>
  nodes[kind].split(' ').map((name) => [name, kind] as const),
);

/** The kind of a node by its name. */
export const kindOfNode: ReadonlyMap<string, SyntaxKind> = new Map(pairs);

/** The same for editors: tags of each node. */
export const highlighting = styleTags(
  Object.fromEntries(pairs.map(([name, kind]) => [quoted(name), tagOf[kind]])),
);

// Names that are no words, and `/`, mean something in the paths of styleTags(). What a node of one
// of our kinds consists of, an identifier, is of its kind.
function quoted(name: string): string {
  return /^\w+$/.test(name) ? `${name}/...` : JSON.stringify(name);
}
