// Kernel macros that are no C by the grammar, replaced before parsing by text of the same length, so
// that every place in the tree stays a place in the file. Each row says where the macro is defined.

/** How one family of macros is made readable for a C grammar. */
export interface MaskRow {
  readonly what: string;
  /** Global expression; the first group, if any, is the part that is replaced. */
  readonly pattern: RegExp;
  /**
   * `blank` replaces the match by spaces, `blank-call` the match and the parentheses that follow it,
   * `while` writes a loop keyword over it.
   */
  readonly how: 'blank' | 'blank-call' | 'while' | 'inline' | 'name';
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
    // @source include/linux/cleanup.h, compiler_types.h, compiler_attributes.h, sparse annotations v6.12
    what: 'attributes with an argument',
    pattern:
      /\b__(?:free|cleanup|printf|scanf|acquires|releases|acquire|must_hold|cond_acquires|aligned|section|counted_by|counted_by_le|alloc_size|malloc|alias|assume_aligned|guarded_by|no_sanitize|bpf_kfunc_start_defs|diag|nonstring|copy)(?=\s?\()/g,
    how: 'blank-call',
  },
  {
    // @source include/linux/init.h, compiler_types.h, compiler_attributes.h, cache.h, linkage.h v6.12
    what: 'attributes without an argument',
    pattern:
      /\b(?:__(?:init|exit|initdata|exitdata|initconst|devinit|devexit|devinitdata|cpuinit|meminit|net_init|net_exit|user|iomem|rcu|percpu|force|kernel|nocast|private|must_check|maybe_unused|always_unused|used|cold|pure|attribute_const__|noreturn|weak|sched|ref|refdata|refconst|read_mostly|ro_after_init|randomize_layout|no_randomize_layout|designated_init|packed|latent_entropy|kprobes|visible|deprecated|bpf_kfunc|cacheline_aligned(?:_in_smp)?|init_or_module|initdata_or_module|hot|noclone|malloc|fastcall|cfi|nocfi|lockfunc|irq_entry|cpuidle|section|noendbr|bitwise|safe|rodata|nonstring|page_aligned_data|page_aligned_bss|always_unused|init_memblock|initdata_memblock|meminitdata|net_initdata|efi_runtime|head)|____cacheline_(?:aligned|internodealigned)(?:_in_smp)?|____cacheline_aligned|noinline(?:_for_stack|_for_tracing)?|asmlinkage|notrace|noinstr|noinline|fastcall|randomized_struct_fields_(?:start|end)|__no_kasan_or_inline|__no_kcsan|__no_sanitize_\w+|__nocfi|STATIC|EXPORT_FOR_TESTS)\b(?!\s*\()/g,
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
    pattern: /^[ \t]+((?!#)\w*for_each\w*)(?=\s?\((?:[^;{}]|\n)*?\)\s*(?:\{|\n))/gm,
    how: 'while',
  },
  {
    // @source include/linux/cleanup.h v6.12
    what: 'scoped locks',
    pattern: /^[ \t]+(scoped_(?:cond_)?guard)(?=\s?\()/gm,
    how: 'while',
  },
  {
    // @source include/linux/container_of.h, list.h, minmax.h v6.12: types passed as arguments.
    what: 'tags of types passed as arguments',
    pattern: /(?<=[(,]\s*)(?:struct|union|enum|unsigned|signed|const)(?=\s+\w+\s*[,)])/g,
    how: 'blank',
  },
  {
    // @source include/linux/minmax.h, module_param v6.12: a basic type passed as the first argument.
    what: 'basic types passed as arguments',
    pattern:
      /(?<=\b(?:min_t|max_t|clamp_t|module_param(?:_named)?|core_param)\s?\((?:[^(),]*,)*\s*)(?:unsigned\s+)?(?:int|long|short|char|bool|size_t|ssize_t|loff_t|[us](?:8|16|32|64))(?=\s*,)/g,
    how: 'name',
  },
];

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
  const keyword = how === 'while' ? 'while' : how === 'inline' ? 'inline' : '';
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
