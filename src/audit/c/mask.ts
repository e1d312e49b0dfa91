// Kernel macros that are no C by the grammar, replaced before parsing by text of the same length:
// a place in the syntax tree stays a place in the file. Each row says where its macros come from.

/** How one family of macros is made readable for a C grammar. */
export interface MaskRow {
  readonly what: string;
  /** Global expression; the first group, if any, is the part that is replaced. */
  readonly pattern: RegExp;
  /**
   * `blank` replaces the match by spaces, `blank-call` the match and the parentheses that follow
   * it; `while` and `inline` write a keyword over it, `name` a name, `or` an operator.
   */
  readonly how: 'blank' | 'blank-call' | 'while' | 'inline' | 'name' | 'or';
}

/** The table, applied from top to bottom. */
export const MASKS: readonly MaskRow[] = [
  {
    // @source include/linux/cleanup.h v6.12: whole definitions with code as an argument.
    what: 'scope helpers at file level',
    pattern: /^DEFINE_(?:FREE|CLASS|GUARD|GUARD_COND|LOCK_GUARD_[01](?:_COND)?)(?=\()/gm,
    how: 'blank-call',
  },
  {
    // @source include/linux/cleanup.h, compiler_types.h, compiler_attributes.h v6.12
    what: 'attributes with an argument',
    pattern: words(
      '__',
      `free cleanup printf scanf acquires releases acquire must_hold cond_acquires aligned section
      counted_by counted_by_le alloc_size malloc alias assume_aligned guarded_by no_sanitize diag
      nonstring copy`,
      '(?=\\s?\\()',
    ),
    how: 'blank-call',
  },
  {
    // @source include/linux/init.h, compiler_types.h, compiler_attributes.h, cache.h v6.12
    what: 'attributes that begin with two underscores',
    pattern: words(
      '__',
      `init exit initdata exitdata initconst devinit devexit devinitdata cpuinit meminit net_init
      net_exit user iomem rcu percpu force kernel nocast private must_check maybe_unused
      always_unused used cold pure attribute_const__ noreturn weak sched ref refdata refconst
      read_mostly ro_after_init randomize_layout no_randomize_layout designated_init packed
      latent_entropy kprobes visible deprecated bpf_kfunc cacheline_aligned
      cacheline_aligned_in_smp init_or_module initdata_or_module hot noclone malloc nocfi
      irq_entry cpuidle noendbr bitwise safe nonstring page_aligned_data page_aligned_bss
      init_memblock initdata_memblock meminitdata net_initdata efi_runtime head
      no_kasan_or_inline no_kcsan no_sanitize_address no_sanitize_or_inline`,
      '(?!\\s*\\()',
    ),
    how: 'blank',
  },
  {
    // @source include/linux/compiler_types.h, cache.h, linkage.h v6.12; fs/xfs/xfs_linux.h,
    // fs/btrfs/misc.h v6.12 for the last line
    what: 'other attributes',
    pattern: words(
      '',
      `____cacheline_aligned ____cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp
      noinline noinline_for_stack noinline_for_tracing asmlinkage notrace noinstr fastcall
      randomized_struct_fields_start randomized_struct_fields_end
      STATIC EXPORT_FOR_TESTS`,
      '(?!\\s*\\()',
    ),
    how: 'blank',
  },
  {
    // @source include/linux/compiler_types.h v6.12
    what: 'forced inlining',
    pattern: /\b__always_inline\b/g,
    how: 'inline',
  },
  {
    // @source include/linux/list.h, rculist.h and others v6.12: loops whose head is a macro; the
    // indentation tells a use from a definition.
    what: 'loop macros',
    pattern: /^[ \t]+((?!#)\w*for_each\w*)(?=\s?\([^;{}]*?\)[ \t]*(?:\{|\n))/gm,
    how: 'while',
  },
  {
    // @source include/linux/cleanup.h v6.12
    what: 'scoped locks',
    pattern: /^[ \t]+(scoped_(?:cond_)?guard)(?=\s?\()/gm,
    how: 'while',
  },
  {
    // @source include/linux/cleanup.h scoped_cond_guard() v6.12: a statement as an argument.
    what: 'what a scoped lock does where it fails',
    pattern: /^[ \t]+while {12,}\(\w+, (return)\b/gm,
    how: 'blank',
  },
  {
    // An extension of the compiler, used in all folders; the operator binds less than any other.
    // @source drivers/ata/libata-scsi.c ata_get_xlat_func() v6.12 for its like
    what: 'ranges of cases',
    pattern: /\bcase\b[^:;{}?\n]*?(\.\.\.)/g,
    how: 'or',
  },
  {
    // @source include/linux/container_of.h, list.h, minmax.h v6.12: types passed as arguments.
    what: 'tags of types passed as arguments',
    pattern: /\b(?:struct|union|enum|unsigned|signed|const)(?<=[(,]\s*\w+)(?=\s+\w+\s*[,)])/g,
    how: 'blank',
  },
  {
    // @source include/linux/minmax.h v6.12: a basic type as the first argument.
    what: 'basic types passed as the first argument',
    pattern: /\b(?:min|max|clamp)_t\s?\(\s*((?:unsigned\s+)?[a-z]\w*)(?=\s*,)/g,
    how: 'name',
  },
  {
    // @source include/linux/moduleparam.h v6.12: a basic type as a later argument.
    what: 'types of module parameters',
    pattern: /^module_param\w*\([^()]*,\s*(int|long|short|bool)(?=\s*,)/gm,
    how: 'name',
  },
];

/** Matches each of the words in `list` behind `prefix`, where `next` follows. */
function words(prefix: string, list: string, next: string): RegExp {
  return new RegExp(`\\b${prefix}(?:${list.trim().split(/\s+/).join('|')})\\b${next}`, 'g');
}

const LONGEST_MASKED_CALL = 4000;

/** `text` with every macro of the table made readable; same length and same line ends. */
export function maskKernelMacros(text: string): string {
  return MASKS.reduce(applyRow, text);
}

function applyRow(text: string, row: MaskRow): string {
  const pieces: string[] = [];
  let done = 0;
  for (const match of text.matchAll(row.pattern)) {
    const word = match[1] ?? match[0];
    const from = match.index + match[0].length - word.length;
    if (from < done) continue;
    const end = row.how === 'blank-call' ? endOfCall(text, from + word.length) : from + word.length;
    if (end === undefined) continue;
    pieces.push(text.slice(done, from), replacement(text.slice(from, end), row.how));
    done = end;
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

function replacement(word: string, how: MaskRow['how']): string {
  const blank = word.replace(/[^\n\r]/g, ' ');
  if (how === 'name') return word.replace(/\w/g, 'T').replace(/\s/g, 'T');
  const keyword = how === 'or' ? '||' : how === 'while' || how === 'inline' ? how : '';
  return keyword + blank.slice(keyword.length);
}

/** Offset behind the parenthesis that closes the one at or after `from`. */
function endOfCall(text: string, from: number): number | undefined {
  let depth = 0;
  const last = Math.min(text.length, from + LONGEST_MASKED_CALL);
  for (let i = from; i < last; i++) {
    const char = text[i];
    if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return i + 1;
    else if (depth === 0 && char !== ' ') return undefined;
  }
  return undefined;
}
