// The predicate of every architecture that selects the symbol, as records: the revisions from v3
// to today differ in one architecture only, arc.

import type { Source } from '../../base/index.ts';
import type { Predicate, PredicateExpr } from '../kernel.ts';

const name = (text: string): PredicateExpr => ({ op: 'name', name: text });
const call = (text: string): PredicateExpr => ({ op: 'call', name: text });
const greater = (left: string): PredicateExpr => ({
  op: '>',
  a: name(left),
  b: name('PAGE_SIZE'),
});

/**
 * The nine architectures of 6.12 with their expression.
 *
 * @source mm/Kconfig ARCH_HAS_CPU_CACHE_ALIASING v6.12, and each asm/cachetype.h
 */
const nine: ReadonlyMap<string, PredicateExpr> = new Map<string, PredicateExpr>([
  ['arm', { op: '||', a: call('cache_is_vivt'), b: call('cache_is_vipt_aliasing') }],
  ['csky', name('true')],
  ['m68k', name('true')],
  ['mips', name('cpu_has_dc_aliases')],
  ['nios2', greater('NIOS2_DCACHE_SIZE')],
  ['parisc', name('true')],
  ['sh', name('true')],
  ['sparc32', greater('vac_cache_size')],
  ['sparc64', greater('L1DCACHE_SIZE')],
  ['xtensa', greater('DCACHE_WAY_SIZE')],
]);

/** What a kernel says about arc: the only difference between the revisions. */
export type ArcRule = 'constant true' | 'not selected' | 'selected, data side false';

/** The predicate of `arch` (sparc32 and sparc64 apart) under a rule for arc. */
export function predicateOf(arch: string, arcRule: ArcRule, extra: readonly Source[]): Predicate {
  if (arch === 'arc') return arcPredicate(arcRule, extra);
  const expr = nine.get(arch);
  if (expr === undefined) {
    return { kind: 'generic-false', sources: [genericSource, ...extra] };
  }
  return defined(arch, expr, extra);
}

/** Whether `arch` selects the symbol under a rule for arc. */
export function selects(arch: string, arcRule: ArcRule): boolean {
  return arch === 'arc' ? arcRule !== 'not selected' : nine.has(arch);
}

const genericSource: Source = {
  kind: 'kernel',
  file: 'include/linux/cacheinfo.h',
  symbol: 'cpu_dcache_is_aliasing',
  release: '6.12',
};

function arcPredicate(rule: ArcRule, extra: readonly Source[]): Predicate {
  switch (rule) {
    case 'constant true':
      // The header of this rule stands in the posted revisions only: they are its source.
      return { kind: 'defined', expr: name('true'), selectedAt: extra, definedAt: extra };
    case 'not selected':
      return { kind: 'generic-false', sources: [genericSource, ...extra] };
    case 'selected, data side false':
      return defined('arc', name('false'), extra);
  }
}

function defined(arch: string, expr: PredicateExpr, extra: readonly Source[]): Predicate {
  const folder = arch.startsWith('sparc') ? 'sparc' : arch;
  return {
    kind: 'defined',
    expr,
    selectedAt: [kernel(`arch/${folder}/Kconfig`, 'ARCH_HAS_CPU_CACHE_ALIASING', arch), ...extra],
    definedAt: [
      kernel(`arch/${folder}/include/asm/cachetype.h`, 'cpu_dcache_is_aliasing', arch),
      ...extra,
    ],
  };
}

/** arc's header is not in 6.12; the one whose data side is false stands in 7.3. */
function kernel(file: string, symbol: string, arch: string): Source {
  return { kind: 'kernel', file, symbol, release: arch === 'arc' ? '7.3' : '6.12' };
}
