// A transition system as a model in Promela, the language of the model checker SPIN: for readers
// who trust SPIN more than us, and for our own tests, which have SPIN confirm what we found.
//
// One process, one loop: each action is a guarded d_step, which SPIN takes as one transition. Its
// states are then ours, one for one. Each end state has one more transition, to itself, which says
// the outcome and asserts that the question does not hold of it.

import { at } from '../base/index.ts';
import {
  type Action,
  type Expr,
  type Field,
  not,
  type TransitionSystem,
  validate,
} from '../ir/index.ts';
import { promelaExpr, promelaGuard, type Scope } from './promela-expr.ts';
import { identifiers } from './promela-names.ts';
import { reads, sequenceOf } from './promela-step.ts';

/** What a model is called, and what stands at its top. */
export interface About {
  /** File name without `.pml`; shown in the commands that the model's own comment gives. */
  readonly name: string;
  /** Lines in plain words. */
  readonly comment: readonly string[];
  /** What an action does, in plain words, by its id; stands beside it as a comment. */
  readonly says?: (id: string) => string | undefined;
  /** `silent` leaves out that each step prints its id, for measuring; a replay is then mute. */
  readonly steps?: 'named' | 'silent';
}

/** The parts of a model, as lines without indentation, to be put into one file or one of many. */
export interface PromelaParts {
  /** Preprocessor macros, by name; equal names of two systems have equal definitions. */
  readonly macros: ReadonlyMap<string, string>;
  /** Declarations: global, or local to the process. */
  readonly variables: readonly string[];
  /** The body of the process. */
  readonly body: readonly string[];
  /** Identifier of each field, in the order of the fields. */
  readonly names: readonly string[];
}

/**
 * The model of a whole system. SPIN reports an error where `question` holds of an end state; its
 * trail is then a run that leads there.
 */
export function promelaOf(system: TransitionSystem, question: Expr, about: About): string {
  const { macros, variables, body } = promelaParts(system, question, {
    prefix: '',
    steps: about.steps ?? 'named',
    ...(about.says ? { says: about.says } : {}),
  });
  const sections = [
    headOf(about),
    [...macros.values()],
    variables,
    ['active proctype system()', '{', ...body, '}'],
  ];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}

/** The parts of the model of a system; `prefix` begins the names of its own macros. */
export function promelaParts(
  system: TransitionSystem,
  question: Expr,
  options: Pick<About, 'says'> & {
    readonly prefix: string;
    readonly steps: 'named' | 'silent';
  },
): PromelaParts {
  validate(system);
  const { fields } = system;
  const names = identifiers(fields.map(({ name }) => name));
  const oldNames = identifiers(
    fields.map((_, i) => `was_${at(names, i)}`),
    names,
  );
  const macros = new Map<string, string>();
  const scope: Scope = { fields, names, prefix: options.prefix, macros };
  const kept = new Set<number>();
  const body = system.actions.flatMap((action) => {
    const sequence = sequenceOf(action.updates, scope, (field) => at(oldNames, field));
    for (const field of sequence.kept) kept.add(field);
    return actionLines(action, scope, sequence.statements, options);
  });
  const old = fields.flatMap(({ widthBits }, i) =>
    kept.has(i)
      ? [
          declaration(
            { name: 'an old value in a step; else 0', widthBits, init: 0 },
            at(oldNames, i),
          ),
        ]
      : [],
  );
  return {
    macros,
    names,
    variables: [...fields.map((field, i) => declaration(field, at(names, i))), ...old],
    body: [
      'end_of_run:',
      '\tdo',
      ...body,
      ...endLines(system, question, scope),
      ...readInVain(system, question, names),
      '\tod',
    ],
  };
}

function headOf({ name, comment }: About): readonly string[] {
  const lines = [
    ...comment.flatMap(wrapped),
    ...(comment.length > 0 ? [''] : []),
    'An error is an end state of which the question holds.',
    `Search:  spin -run -DSAFETY -bfs ${name}.pml`,
    `Replay:  spin -t ${name}.pml`,
  ];
  return ['/*', ...lines.map((line) => ` * ${quiet(line)}`.trimEnd()), ' */'];
}

/** A line in plain words, in lines of at most 69 columns. */
function wrapped(line: string): readonly string[] {
  const lines: string[] = [];
  let open = '';
  for (const word of line.split(' ')) {
    if (open !== '' && open.length + 1 + word.length > 69) {
      lines.push(open);
      open = '';
    }
    open = open === '' ? word : `${open} ${word}`;
  }
  return [...lines, open];
}

function declaration(field: Field, name: string): string {
  const comment = `\t/* ${quiet(field.name)} */`;
  // SPIN computes in signed words: a field as wide as one is declared as one.
  if (field.widthBits === 32) return `int ${name} = ${field.init | 0};${comment}`;
  return `unsigned ${name} : ${field.widthBits} = ${field.init};${comment}`;
}

function actionLines(
  action: Action,
  scope: Scope,
  statements: readonly string[],
  { steps, says }: Pick<About, 'steps' | 'says'>,
): readonly string[] {
  const words = says?.(action.id) ?? action.actor.kind;
  const say = `printf("${quoted(action.id)}\\n")`;
  const all = steps === 'named' ? [...statements, say] : statements;
  return [
    `\t:: d_step {\t/* ${quiet(`${action.id}: ${words}`)} */`,
    `\t\t${promelaGuard(action.guard, scope)} ->`,
    ...terminated(all.length > 0 ? all : ['skip']),
    '\t   }',
  ];
}

/** One transition of each end state: to itself, saying and judging the outcome. */
function endLines(system: TransitionSystem, question: Expr, scope: Scope): readonly string[] {
  const said = [
    ...system.observed.map((field) => {
      const name = at(scope.names, field);
      return { text: ` ${name}=%u`, value: name };
    }),
    { text: ' holds=%u', value: `(${promelaExpr(question, scope)} -> 1 : 0)` },
  ];
  const statements = [
    ...chunks(said).map((some, i, all) => {
      const text = some.map((one) => one.text).join('');
      const values = some.map(({ value }) => value).join(', ');
      const [first, last] = [i === 0 ? 'end:' : '', i === all.length - 1 ? '\\n' : ''];
      return `printf("${first}${text}${last}", ${values})`;
    }),
    `assert(${promelaGuard(not(question), scope)})`,
  ];
  return [
    '\t:: d_step {\t/* an end state: says its outcome, and is judged */',
    `\t\t${promelaGuard(system.isEnd, scope)} ->`,
    ...terminated(statements),
    '\t   }',
  ];
}

/**
 * SPIN leaves variables that are never read out of its states, unless called with -o2: its counts
 * would then not be ours. So they are read, by a step that is never taken.
 */
function readInVain(
  system: TransitionSystem,
  question: Expr,
  names: readonly string[],
): readonly string[] {
  const { actions, isEnd, observed } = system;
  const updates = actions.flatMap((action) => action.updates);
  const all = [isEnd, question, ...actions.map((a) => a.guard), ...updates.map((u) => u.value)];
  const unread = [...new Set(updates.map(({ field }) => field))].filter(
    (field) => !observed.includes(field) && !all.some((expr) => reads(expr, field)),
  );
  if (unread.length === 0) return [];
  const some = unread.map((field) => `${at(names, field)} != 0`).join(' || ');
  return [
    '\t:: d_step {\t/* never: SPIN drops from its states what no statement reads */',
    `\t\tfalse && ${unread.length > 1 ? `(${some})` : some} ->`,
    '\t\tskip',
    '\t   }',
  ];
}

/** Few enough for one printf: SPIN limits the length of a string. */
function chunks<T>(all: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / 8);
  return Array.from({ length: count }, (_, i) => all.slice(i * 8, i * 8 + 8));
}

function terminated(statements: readonly string[]): readonly string[] {
  return statements.map((text, i) => `\t\t${text}${i === statements.length - 1 ? '' : ';'}`);
}

/** Text that cannot end the comment it stands in. */
function quiet(text: string): string {
  return text
    .replaceAll(/[^ -~]/g, '?')
    .replaceAll('*/', '* /')
    .replaceAll('/*', '/ *');
}

/** Text that can stand in the format string of a printf. */
function quoted(text: string): string {
  return text.replaceAll(/[^ -~]|["\\]/g, '?').replaceAll('%', '%%');
}
