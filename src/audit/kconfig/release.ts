// Which release a tree is, from its top Makefile, and what in the language depends on it.

import type { SourceTree } from '../tree.ts';
import type { ChoiceRules } from './model.ts';

/** Release of a tree, and the language rules that follow from it. */
export interface Release {
  /** E.g. `6.12.117`; '' where the Makefile does not say (the newest rules are taken). */
  readonly version: string;
  /** Choices were tristate and valued differently up to 6.10. */
  readonly choiceRules: ChoiceRules;
  /** Up to 4.17 `$NAME` in a path meant the environment, and there were no macros. */
  readonly dollarNames: boolean;
}

/** Reads VERSION, PATCHLEVEL, SUBLEVEL and EXTRAVERSION. */
export function releaseOf(tree: SourceTree): Release {
  const makefile = tree.read('Makefile');
  const text = makefile.ok ? makefile.value.slice(0, 2000) : '';
  const major = field(text, 'VERSION');
  const minor = field(text, 'PATCHLEVEL');
  const sub = field(text, 'SUBLEVEL');
  if (major === '' || minor === '') {
    return { version: '', choiceRules: 'one-of', dollarNames: false };
  }
  const order = Number(major) * 1000 + Number(minor);
  const version = `${major}.${minor}${sub === '' ? '' : `.${sub}`}${field(text, 'EXTRAVERSION')}`;
  return {
    version,
    choiceRules: order >= 6011 ? 'one-of' : 'classic',
    dollarNames: order < 4018,
  };
}

function field(text: string, name: string): string {
  return new RegExp(`^${name} *= *(\\S*) *$`, 'm').exec(text)?.[1] ?? '';
}
