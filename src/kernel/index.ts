export * from './answers.ts';
export * from './attaching.ts';
export { arc_cache_mumbojumbo, bootPanics } from './arch/arc/mm/cache.ts';
export {
  cache_is_vipt_aliasing,
  cache_is_vivt,
  linuxArmArch,
} from './arch/arm/include/asm/cachetype.ts';
export { cacheid_init } from './arch/arm/kernel/setup.ts';
export { type AddressLayout, addressLayout } from './arch/layout.ts';
export { cpu_has_dc_aliases } from './arch/mips/include/asm/cpu-features.ts';
export { alias_74k_erratum, probe_pcache } from './arch/mips/mm/c-r4k.ts';
export { NIOS2_DCACHE_SIZE } from './arch/nios2/include/asm/cache.ts';
export { compute_alias, n_aliases } from './arch/sh/mm/cache.ts';
export { L1DCACHE_SIZE } from './arch/sparc/include/asm/spitfire.ts';
export { init_vac_layout, vac_cache_size } from './arch/sparc/mm/srmmu.ts';
export { DCACHE_WAY_SIZE } from './arch/xtensa/include/asm/cache.ts';
export * from './durability.ts';
export * from './environment.ts';
export * from './gate.ts';
export * from './include/linux/cacheinfo.ts';
export * from './kernel.ts';
export * from './policies/alloc-dax.ts';
export * from './policies/by-age.ts';
export * from './policies/catalogue.ts';
export * from './policies/icache.ts';
export { asInBothTrees, pmemInBothTrees } from './policies/related.ts';
export * from './running.ts';
