// Cache maintenance as the interface promises it, whatever a port makes of the promise: pages of
// the data cache, lines of the data cache, the instruction cache.
// @source Documentation/core-api/cachetlb.rst v6.12

import type { MaintenanceStep, Step } from '../program.ts';
import { lineArg, pageArg } from './args.ts';
import type { Call, ParamInfo, Primitive } from './primitive.ts';
import type { Target } from '../places.ts';
import type { PageInfo } from '../world-types.ts';

type Act = MaintenanceStep['kind'];

const VERBS: Readonly<Record<Act, string>> = {
  flush: 'flushes',
  clean: 'writes back',
  invalidate: 'invalidates',
  'invalidate-icache': 'invalidates',
};

const PROMISES: Readonly<Record<Act, string>> = {
  flush: 'writes back and invalidates',
  clean: 'writes back, and keeps,',
  invalidate: 'drops without writing back',
  'invalidate-icache': 'drops from the instruction cache',
};

const CONTRACT =
  'What the interface promises, on every machine. A port may do less: errs towards coherent.';

/** What is to be said of single functions beside the contract. */
const REMARKS: Readonly<Record<string, string>> = {
  flush_cache_page:
    ' Empty where the cache is coherent; ARM and m68k skip an mm that is not current.',
  invalidate_kernel_vmap_range: ' A dirty line is lost.',
  clean_dcache_page: ' No function of the kernel has this name.',
  inval_dcache_page: ' A dirty line is lost. No function of the kernel has this name.',
};

const EVERY_CPU = 'Reaches the caches of all CPUs, one line at a time.';

/** Maintenance of one line through one address. */
function maintain(
  call: Call,
  kind: Act,
  place: { readonly mapping: string; readonly line: string; readonly text: string },
  local = false,
): Step {
  const { mapping, line, text } = place;
  const here = local ? ', on its own CPU' : '';
  const what = kind === 'invalidate-icache' ? 'instruction line' : 'line';
  const says = `${call.thread} ${VERBS[kind]} the ${what} of ${line} through ${text}${here}`;
  return { kind, mapping, line, ...(local ? { local: true } : {}), says };
}

/** One after the other, every line of the page through one address. */
function everyLine(call: Call, kind: Act, target: Target, local = false): readonly Step[] {
  const { mapping, page } = target;
  return page.lines.map(({ name: line }) =>
    maintain(call, kind, { mapping, line, text: mapping }, local),
  );
}

/** flush_dcache_page(): through the kernel's addresses, then through those of processes. */
function flushPage(call: Call): readonly Step[] {
  return addressesOf(call, pageArg(call, 0).page).flatMap((address) =>
    address.page.lines.map(({ name: line }) =>
      maintain(call, 'flush', { mapping: address.name, line, text: address.name }),
    ),
  );
}

function addressesOf({ world }: Call, page: PageInfo) {
  const all = [...world.addresses.values()].filter((address) => address.page === page);
  const kernel = all.filter((address) => address.maker !== 'user');
  return [...kernel, ...all.filter((address) => address.maker === 'user')];
}

const page = (name: string, side?: ParamInfo['side']): readonly ParamInfo[] => [
  { name, kind: 'page', ...(side ? { side } : {}) },
];

/** What is done to all lines of a page. */
export const pageMaintenance: readonly Primitive[] = [
  {
    name: 'flush_dcache_page',
    params: page('p'),
    gives: false,
    group: 'data cache, page',
    help: 'writes back and invalidates every line of the page, through all its addresses',
    model:
      `${CONTRACT} Kernel addresses first, then user addresses; each line is a step. MIPS ` +
      "flushes the kernel's address alone; ports put the flush off while nobody has mapped the " +
      'page.',
    lower: flushPage,
  },
  pageRow('flush_cache_page', 'flush', 'u', 'user'),
  pageRow('flush_kernel_vmap_range', 'flush', 'k', 'kernel'),
  pageRow('invalidate_kernel_vmap_range', 'invalidate', 'k', 'kernel'),
  pageRow('clean_dcache_page', 'clean', 'p'),
  pageRow('inval_dcache_page', 'invalidate', 'p'),
];

function pageRow(name: string, kind: Act, param: string, side?: ParamInfo['side']): Primitive {
  return {
    name,
    params: page(param, side),
    gives: false,
    group: 'data cache, page',
    help: `${PROMISES[kind]} every line of the page, through this address`,
    model: `${CONTRACT}${REMARKS[name] ?? ''}`,
    lower: (call) => everyLine(call, kind, pageArg(call, 0)),
  };
}

/** What is done to one line, on all CPUs or on that of the thread. */
export const lineMaintenance: readonly Primitive[] = [
  ...([false, true] as const).flatMap((local) => [
    lineRow('flush_dcache_line', 'flush', local),
    lineRow('clean_dcache_line', 'clean', local),
    lineRow('inval_dcache_line', 'invalidate', local),
  ]),
  {
    ...lineRow('arch_wb_cache_pmem', 'clean', false),
    params: [{ name: 'k', kind: 'line', side: 'kernel' }],
    model: `${CONTRACT} Empty on ports without a PMEM API; dax_flush() knows that.`,
  },
];

function onCpus(local: boolean): string {
  return local ? 'in the caches of this CPU' : 'in the caches of all CPUs';
}

function lineRow(base: string, kind: Act, local: boolean): Primitive {
  const reach = local ? 'Other CPUs keep their copies.' : EVERY_CPU;
  return {
    name: local ? `${base}_local` : base,
    params: [{ name: 'p', kind: 'line' }],
    gives: false,
    group: 'data cache, line',
    help: `${PROMISES[kind]} the line, through this address, ${onCpus(local)}`,
    model: `${kind === 'invalidate' ? 'A dirty line is lost. ' : ''}${reach}`,
    lower: (call) => {
      const { mapping, line, text } = lineArg(call, 0);
      return [maintain(call, kind, { mapping, line: line.name, text }, local)];
    },
  };
}

/** The instruction cache. */
export const icacheMaintenance: readonly Primitive[] = [
  {
    name: 'flush_icache_range',
    params: [{ name: 'p', kind: 'line' }],
    gives: false,
    group: 'instruction cache',
    help: 'writes the line back and drops it from the instruction cache, through this address',
    model: `${CONTRACT} Two steps: the hardware may refill in between.`,
    lower: (call) => {
      const { mapping, line, text } = lineArg(call, 0);
      const place = { mapping, line: line.name, text };
      return [maintain(call, 'clean', place), maintain(call, 'invalidate-icache', place)];
    },
  },
  ...[false, true].map(
    (local): Primitive => ({
      name: local ? 'inval_icache_line_local' : 'inval_icache_line',
      params: [{ name: 'p', kind: 'line' }],
      gives: false,
      group: 'instruction cache',
      help: `drops the line from the instruction cache, through this address, ${onCpus(local)}`,
      model: local ? 'Other CPUs keep their copies.' : EVERY_CPU,
      lower: (call) => {
        const { mapping, line, text } = lineArg(call, 0);
        return [maintain(call, 'invalidate-icache', { mapping, line: line.name, text }, local)];
      },
    }),
  ),
];
