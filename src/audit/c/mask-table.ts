// The table of kernel macros that are no C by the grammar: each row says where its macros come
// from, and what is written over them. Facts only; mask.ts does the writing.

/** How one family of macros is made readable for a C grammar. */
export interface MaskRow {
  readonly what: string;
  /** Words of which one is in every text that the row is for: looked for first, it is faster. */
  readonly needs?: readonly string[];
  /** Global expression; the first group, if any, ends the match and is the part replaced. */
  readonly pattern: RegExp;
  readonly how: MaskWay;
}

/**
 * What is written over a match, or over its first group:
 * `blank` spaces; `blank-call` spaces, over the parentheses behind it as well; `blank-line` the
 * same, where the call ends its line and neither `;` nor `{` follows; `while` and `inline` that
 * keyword; `while-block` the same in front of a block, or of one statement; `name` a name; `or` an
 * operator; `string` an empty string; `strings` two; `string-call` a string over the
 * parentheses as well; `definition` the head of a function over a macro of types and names.
 */
export type MaskWay =
  | 'blank'
  | 'blank-call'
  | 'blank-line'
  | 'while'
  | 'while-block'
  | 'inline'
  | 'name'
  | 'or'
  | 'string'
  | 'strings'
  | 'string-call'
  | 'definition';

/** The table, applied from top to bottom. */
export const MASKS: readonly MaskRow[] = [
  {
    // @source include/linux/cleanup.h v6.12: whole definitions with code as an argument.
    what: 'scope helpers at file level',
    needs: ['DEFINE_'],
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
      nonstring copy attribute attribute__`,
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
      no_kasan_or_inline no_kcsan no_sanitize_address no_sanitize_or_inline
      xipram exception_irq_entry flatten nomips16 lockfunc no_sanitize_memory
      rcu_read_lock_nesting sysfs_read noinitabi`,
      '(?!\\s*\\()',
    ),
    how: 'blank',
  },
  {
    // @source include/linux/compiler_types.h, cache.h, linkage.h v6.12; fs/xfs/xfs_linux.h,
    // fs/btrfs/misc.h v6.12 for the last line
    what: 'other attributes',
    needs: [
      'noinl',
      'asmlinkage',
      'notrace',
      'noinstr',
      '____cache',
      'STATIC',
      'EXPORT_FOR',
      'd_fields_',
    ],
    pattern: words(
      '',
      `____cacheline_aligned ____cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp
      noinline noinline_for_stack noinline_for_tracing asmlinkage notrace noinstr
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
    // A name in front of a call and a block is a macro that runs the block; of those in front of
    // one statement the names are known (RUNS_STATEMENT).
    // @source include/linux/list.h, rculist.h, cleanup.h v6.12 and many others;
    // include/drm/drm_exec.h drm_exec_until_all_locked() v6.12 for names without a hint
    what: 'macros in front of a block, or a statement',
    pattern: /^[ \t]{1,99}(?:\}? ?else )?((?!while\b|switch\b|return\b)[A-Za-z_]\w{4,})(?=\s?\()/gm,
    how: 'while-block',
  },
  {
    // @source include/linux/cleanup.h scoped_cond_guard() v6.12, include/linux/iio/iio.h
    // iio_device_claim_direct_scoped() v6.12: a statement as an argument.
    what: 'what a scoped lock does where it fails',
    needs: ['while  '],
    pattern: /^[ \t]+while {5,40}\((?:\w+, )?(return)\b/gm,
    how: 'blank',
  },
  {
    // An extension of the compiler, used in all folders; the operator binds less than any other.
    // @source drivers/ata/libata-scsi.c ata_get_xlat_func() v6.12 for its like
    what: 'ranges of cases',
    needs: ['...'],
    pattern: /\bcase\b[^:;{}?\n]{0,120}?(\.\.\.)/g,
    how: 'or',
  },
  {
    // @source include/linux/container_of.h, list.h, minmax.h v6.12: types passed as arguments.
    what: 'tags of types passed as arguments',
    pattern:
      /[(,]\s{0,80}((?:(?:struct|union|enum|unsigned|signed|const)\s{1,80}){1,3}?)(?=\w+\s*[,)])/g,
    how: 'blank',
  },
  {
    // @source include/linux/minmax.h v6.12: a basic type as the first argument.
    what: 'basic types passed as the first argument',
    needs: ['_t('],
    pattern: /\b(?:min|max|clamp)_t\s?\(\s{0,80}((?:unsigned\s+)?[a-z]\w*)(?=\s*,)/g,
    how: 'name',
  },
  {
    // @source include/linux/moduleparam.h v6.12: a basic type as a later argument.
    what: 'types of module parameters',
    needs: ['module_param'],
    pattern: /^module_param\w*\([^()]*,\s*(int|long|short|bool)(?=\s*,)/gm,
    how: 'name',
  },
  {
    // @source include/linux/syscalls.h SYSCALL_DEFINEx() v6.12, include/linux/compat.h
    // COMPAT_SYSCALL_DEFINEx() v6.12, include/linux/filter.h BPF_CALL_x() v6.12,
    // tools/lib/bpf/bpf_tracing.h BPF_PROG() v6.12
    what: 'functions defined by a macro of types and names',
    needs: ['SYSCALL_DEFINE', 'BPF_CALL_', 'BPF_PROG'],
    pattern:
      /^(?:int[ \t]+)?((?:COMPAT_)?SYSCALL_DEFINE\d|(?:NOTRACE_)?BPF_CALL_\d|BPF_PROG)(?=\()/gm,
    how: 'definition',
  },
  {
    // @source include/linux/module.h, export.h v6.12: macros that need no semicolon.
    what: 'calls at file level without a semicolon',
    pattern:
      /^(?:static[ \t]+)?(?:SEC|[A-Z_][A-Z_0-9]{3,}|(?:module|builtin)_\w+|\w+_initcall)(?= ?\()/gm,
    how: 'blank-line',
  },
  {
    // @source include/linux/kern_levels.h v6.12: strings without a comma behind.
    what: 'levels of messages',
    needs: ['KERN_'],
    pattern: /\bKERN_(?:EMERG|ALERT|CRIT|ERR|WARNING|NOTICE|INFO|DEBUG|CONT|DEFAULT|SOH)\b/g,
    how: 'strings',
  },
  {
    // @source include/linux/stringify.h __stringify() v6.12
    what: 'arguments as strings',
    needs: ['__stringify'],
    pattern: /\b__stringify(?=\s?\()/g,
    how: 'string-call',
  },
  {
    // @source include/linux/printk.h FW_WARN v6.12 and prefixes of drivers: names between strings.
    what: 'names of strings before another one',
    pattern: /[(,?:]\s{0,80}([A-Z_][A-Z_0-9]{1,60})(?=\s{1,80}[A-Z_][A-Z_0-9]{1,60}\s{0,80}")/g,
    how: 'string',
  },
  {
    // @source include/linux/stddef.h offsetof() v6.12: more than the name of one field.
    what: 'offsets of members',
    needs: ['offsetof'],
    pattern: /\boffsetof(?=\s?\()/g,
    how: 'name',
  },
  {
    // @source include/linux/ratelimit_types.h DEFINE_RATELIMIT_STATE() v6.12, workqueue.h
    // DECLARE_WORK() v6.12
    what: 'static variables defined by a macro',
    pattern: /\bstatic(?=[ \t]{1,9}[A-Z][A-Z_0-9]{3,60}\s?\()/g,
    how: 'blank',
  },
  {
    // @source include/linux/types.h DECLARE_BITMAP() v6.12, include/linux/percpu-defs.h
    // DEFINE_PER_CPU() v6.12
    what: 'initialisers of variables defined by a macro',
    needs: ['DECLARE_BITMAP', 'DEFINE_PER_CPU'],
    pattern:
      /\b(?:DECLARE_BITMAP|DEFINE_PER_CPU\w{0,20})\([^;{}]{0,100}\)\s?(=\s?\{[^;]{0,300}?\})(?=;)/g,
    how: 'blank',
  },
  {
    // @source drivers/net/ethernet/broadcom/tg3.h tg3_flag() v6.12, include/linux/ethtool.h
    // ethtool_link_ksettings_add_link_mode() v6.12: parts of names that begin with a digit.
    what: 'parts of names that begin with a digit',
    pattern: /[(,]\s{0,80}((?!0[xX]|0[bB]|\d+[uUlL]+\b|\d+[eEfF]\d*\b)\d+[A-Za-z_]\w*)(?=\s?[,)])/g,
    how: 'name',
  },
  {
    // @source include/linux/stdarg.h va_arg() v6.12 and others: pointer types as arguments.
    what: 'pointer types passed as later arguments',
    pattern:
      /,\s{0,80}((?:const |struct |union |enum |unsigned )*(?:const )?\w+\s?\*+)(?=\s?[,)])/g,
    how: 'name',
  },
  {
    // @source include/linux/minmax.h min_t() v6.12 and others.
    what: 'pointer types passed as first arguments',
    pattern: /\(((?:const |struct |union |enum |unsigned )*(?:const )?\w+\s?\*+)(?=\s?,)/g,
    how: 'name',
  },
  {
    // @source include/linux/stdarg.h va_arg() v6.12
    what: 'basic types of variable arguments',
    needs: ['va_arg'],
    pattern:
      /\bva_arg\s?\([^(),]*, ?((?:unsigned |long )*(?:int|long|char|bool|s?size_t))(?=\s?\))/g,
    how: 'name',
  },
];

/**
 * Macros that run the one statement behind them. `scoped` ones run it once.
 * @source include/linux/list.h, skbuff.h skb_queue_walk() v6.12,
 * drivers/gpu/drm/i915/intel_runtime_pm.h with_intel_runtime_pm() v6.12
 */
export const RUNS_STATEMENT =
  /for_?each|FOR_?EACH|_walk(?:_safe)?$|_walk_|^with_intel_|^scoped_|_scoped$/;

/** Matches each of the words in `list` behind `prefix`, where `next` follows. */
function words(prefix: string, list: string, next: string): RegExp {
  return new RegExp(`\\b${prefix}(?:${list.trim().split(/\s+/).join('|')})\\b${next}`, 'g');
}
