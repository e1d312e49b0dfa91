// The one figure that sparc64 compares with its page size, on every CPU.

/**
 * Size of the level 1 data cache in bytes as a constant of the kernel; true for UltraSPARC I/II,
 * used for all, sun4v included.
 *
 * @source arch/sparc/include/asm/spitfire.h L1DCACHE_SIZE v6.12
 */
export const L1DCACHE_SIZE = 0x4000;
