// An error pointer or NULL where an object is needed.

import type { Frame, Walk } from './context.ts';
import type { At, State } from './state.ts';
import type { Value } from './value.ts';

/** Reports that the result of a failed acquisition is taken for an object. */
export function misused(
  walk: Walk,
  value: Value & { readonly kind: 'int' | 'errno' },
  state: State,
  where: At,
  inFunction: Frame['name'],
  how: string,
): void {
  if (value.from === undefined) return;
  if (value.from < 0) {
    const field = walk.options.nullFields?.[-value.from - 1];
    if (field === undefined) return;
    walk.problem({
      type: 'NULL_FIELD_USED',
      protocol: field.protocol,
      where,
      function: inFunction,
      message: `${inFunction}() uses ${field.field}, which an attach may leave NULL: it ${how}`,
      state,
      site: undefined,
    });
    return;
  }
  const site = walk.sites[value.from];
  if (site === undefined) return;
  const what = value.kind === 'int' ? 'NULL' : 'an error pointer';
  const tested = state.tested.get(value.from);
  const wrong = tested !== undefined && tested !== (value.kind === 'int' ? 'NULL' : 'ERR');
  const test = tested === 'NULL' ? 'tested for NULL only' : 'tested with IS_ERR() only';
  walk.problem({
    type: wrong ? 'WRONG_CHECK' : 'ERROR_AS_OBJECT',
    protocol: site.protocol,
    where: wrong ? site.where : where,
    function: inFunction,
    message: wrong
      ? `${site.acquire.function}() may give ${what}, and its result is ${test}`
      : `${what} from ${site.acquire.function}() ${how}`,
    state,
    site,
  });
}
