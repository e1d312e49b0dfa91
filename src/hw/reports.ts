// What a machine tells a kernel about its data cache: registers, firmware tables, configuration.
// It can be less than the truth (sparc32) or more than the kernel asks for (sh, parisc).

export type Reports =
  | { readonly kind: 'nothing' }
  /** ARM: architecture from MIDR; the Cache Type Register, absent where the core has no cache. */
  | { readonly kind: 'arm'; readonly architecture: 4 | 5 | 6 | 7; readonly ctr?: ArmCtr }
  | {
      readonly kind: 'mips';
      /** Name of the kernel's cputype constant without `CPU_`, e.g. `24K`, `R4400SC`. */
      readonly cputype: string;
      /** Config7.AR: the core removes aliases in hardware. */
      readonly config7Ar: boolean;
      /** Revision known to have the 74K/1074K erratum that makes AR untrue. */
      readonly erratum74k: boolean;
      /** `cpu_has_dc_aliases` fixed by a platform header; absent where the probe decides. */
      readonly platformConstant?: { readonly platform: string; readonly value: 0 | 1 | 'page<16K' };
    }
  | { readonly kind: 'nios2'; readonly NIOS2_DCACHE_SIZE: number }
  /** sparc32: `vac_cache_size` is computed for HyperSPARC only, from PROM properties. */
  | {
      readonly kind: 'sparc32';
      readonly srmmu: 'hypersparc' | 'viking' | 'swift' | 'turbosparc' | 'tsunami' | 'leon';
      readonly cacheNlines: number;
      readonly cacheLineSizeBytes: number;
    }
  | { readonly kind: 'sparc64'; readonly tlbType: 'spitfire' | 'cheetah' | 'hypervisor' }
  | { readonly kind: 'xtensa'; readonly XCHAL_DCACHE_SIZE: number; readonly XCHAL_DCACHE_WAYS: number };

export interface ArmCtr {
  /** CTR bits 31..29: 4 means the ARMv7 format. */
  readonly format: 0 | 4;
  /** CTR bit 23 in the ARMv6 format: data cache restricts page colouring ("P" bit). */
  readonly dsideP: boolean;
}
