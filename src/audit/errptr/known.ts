// Functions and macros whose meaning is known without reading them.

/** How a test macro divides values: into those with one of these bits, and the others. */
export interface KnownTest {
  /** Bits of ERROR and NULL_ that make it true. */
  readonly kinds: number;
  readonly argument: number;
}

/** @source include/linux/err.h v6.12; lib/kunit is below. */
const tests: readonly (readonly [string, number])[] = [
  ['IS_ERR', 4],
  ['IS_ERR_VALUE', 4],
  ['IS_ERR_PCPU', 4],
  ['IS_ERR_OR_NULL', 6],
  // @source tools/lib/bpf/libbpf_legacy.h v6.12
  ['libbpf_get_error', 6],
  // @source include/linux/of.h, drivers/gpu/drm/i915 v6.12: errors of their subsystems.
  ['IS_ERR_OR_NULL_ONCE', 6],
];

/** Test macros by name. */
export const knownTests: ReadonlyMap<string, KnownTest> = new Map(
  tests.map(([name, kinds]) => [name, { kinds, argument: 0 }]),
);

/**
 * Macros that give their first argument as it is.
 * @source include/linux/err.h, compiler.h, rcupdate.h, cleanup.h, asm-generic/bug.h v6.12
 */
export const sameValue: ReadonlySet<string> = new Set(
  `PTR_ERR ERR_CAST PTR_ERR_PCPU likely unlikely READ_ONCE rcu_dereference rcu_dereference_raw
  rcu_dereference_check rcu_dereference_protected rcu_dereference_bh rcu_access_pointer no_free_ptr
  smp_load_acquire data_race __force unrcu_pointer rcu_assign_pointer_value no_check_ptr
  WARN_ON WARN_ON_ONCE WARN WARN_ONCE WARN_RATELIMIT WARN_ON_SMP WARN_TAINT WARN_TAINT_ONCE
  drm_WARN_ON drm_WARN_ON_ONCE XFS_IS_CORRUPT i915_inject_probe_error
  __builtin_expect ALIGN_DOWN`
    .split(/\s+/)
    .concat(['GEM_WARN_ON', 'DRM_WARN_ON', 'dev_WARN_ONCE']),
);

/** Those of `sameValue` that take the value second. @source include/drm/drm_print.h v6.12 */
export const secondArgument: ReadonlySet<string> = new Set(['drm_WARN_ON', 'drm_WARN_ON_ONCE']);

/**
 * Statements that go on only where the argument with this number does, or does not, hold; the
 * others stop the machine or the test.
 * @source include/asm-generic/bug.h, include/linux/mmdebug.h, include/kunit/test.h v6.12
 */
export const goesOn: ReadonlyMap<string, Assertion> = new Map([
  ...['BUG_ON', 'VM_BUG_ON', 'GEM_BUG_ON', 'KVM_BUG_ON'].map((name): [string, Assertion] => [
    name,
    { argument: 0, holds: false },
  ]),
  ...['ASSERT', 'assert', 'VM_ASSERT'].map((name): [string, Assertion] => [
    name,
    { argument: 0, holds: true },
  ]),
  ...kunit('TRUE', 'TRUE_MSG').map((name): [string, Assertion] => [
    name,
    { argument: 1, holds: true },
  ]),
  ...kunit('FALSE', 'FALSE_MSG').map((name): [string, Assertion] => [
    name,
    { argument: 1, holds: false },
  ]),
]);

/** What a statement asserts: that its argument holds, or that it does not. */
export interface Assertion {
  readonly argument: number;
  readonly holds: boolean;
}

/**
 * Statements behind which the argument with this number is no error (and not NULL).
 * @source include/kunit/test.h, tools/testing/selftests/bpf/test_progs.h v6.12
 */
export const assertsValid: ReadonlyMap<string, number> = new Map([
  ...kunit('NOT_ERR_OR_NULL', 'NOT_ERR_OR_NULL_MSG', 'NOT_NULL', 'NOT_NULL_MSG').map(
    (name) => [name, 1] as const,
  ),
  ['ASSERT_OK_PTR', 0],
]);

function kunit(...names: readonly string[]): string[] {
  return names.flatMap((name) => [`KUNIT_ASSERT_${name}`, `KUNIT_EXPECT_${name}`]);
}

/** Calls that do not come back. @source include/linux/panic.h, asm-generic/bug.h v6.12 */
export const noReturn: ReadonlySet<string> = new Set(
  `panic BUG do_exit make_task_dead kthread_exit unreachable __builtin_unreachable exit abort _exit
  KUNIT_FAIL kunit_skip ksft_exit_fail_msg die errx err verdict_panic BUILD_BUG machine_halt
  do_group_exit module_put_and_kthread_exit kthread_complete_and_exit err_exit usage`.split(/\s+/),
);

/** Calls that neither test nor change what they are given: messages and locks. */
export const harmless = new RegExp(
  '^(?:_?dev_|pr_|net_|netdev_|netif_|drm_|trace_|printk|mutex_|spin_|_raw_spin|up_|down_|' +
    'rcu_read_|seq_|btrfs_(?:err|warn|info)|sizeof|kunit_)',
);

/**
 * Functions that give NULL on failure and never an error pointer, by name: their bodies are macros,
 * assembly, or full of choices that hide it.
 * @source include/linux/slab.h, vmalloc.h, gfp.h, io.h, workqueue.h, dma-mapping.h v6.12
 */
export const nullOnFailure: ReadonlySet<string> = new Set(
  `kmalloc kzalloc kcalloc kmalloc_array kmalloc_node kzalloc_node kvmalloc kvzalloc kvcalloc
  kvmalloc_array kvmalloc_node krealloc kmemdup kmemdup_nul kstrdup kstrndup kasprintf kvasprintf
  vmalloc vzalloc vmalloc_node vzalloc_node kmem_cache_alloc kmem_cache_zalloc
  kmem_cache_alloc_node kmem_cache_create devm_kzalloc devm_kmalloc devm_kcalloc
  devm_kmalloc_array devm_kmemdup devm_kstrdup devm_kasprintf alloc_page alloc_pages
  __get_free_page __get_free_pages get_zeroed_page ioremap ioremap_wc ioremap_cache devm_ioremap
  devm_ioremap_wc of_iomap alloc_workqueue alloc_ordered_workqueue create_workqueue
  create_singlethread_workqueue dma_alloc_coherent dmam_alloc_coherent dma_pool_create
  dma_pool_alloc alloc_percpu alloc_netdev alloc_etherdev alloc_skb dev_alloc_skb
  netdev_alloc_skb skb_clone skb_copy mempool_create bitmap_alloc bitmap_zalloc
  __kmalloc __vmalloc sock_alloc_send_skb_null`.split(/\s+/),
);

/**
 * Macros whose value is what this function gives, where their text does not say so in one call.
 * @source include/linux/kthread.h kthread_run(), include/linux/device/class.h v6.12
 */
export const knownAliases: ReadonlyMap<string, string> = new Map([
  ['kthread_run', 'kthread_create_on_node'],
  ['kthread_create', 'kthread_create_on_node'],
]);

/** Functions that may be given an error pointer. @source drivers/base/platform.c v6.12 */
export const takesErrors: ReadonlySet<string> = new Set([
  'platform_device_unregister',
  'platform_device_put',
  'platform_device_del',
]);

/**
 * Constant errors that say of an argument that it is wrong or not of the kind that has what is
 * asked for, or of the kernel that it is not configured for that.
 * @source include/uapi/asm-generic/errno-base.h, errno.h, include/linux/errno.h v6.12
 */
export const argumentErrors: ReadonlySet<string> = new Set([
  'EINVAL',
  'ENODEV',
  'ENXIO',
  'ENOSYS',
  'EOPNOTSUPP',
  'ENOTSUPP',
]);
