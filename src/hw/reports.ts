// What a machine tells a kernel about its data cache: registers, firmware tables, configuration.
// It can be less than the truth (sparc32) or more than the kernel asks for (sh, parisc).

/** What the kernel can read about the data cache, by architecture. */
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
      /** The data cache as Config (R4000 style) or Config1 (MIPS32/64) describes it. */
      readonly dcache: {
        readonly sizeBytes: number;
        readonly ways: number;
        readonly lineBytes: number;
      };
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
  | {
      readonly kind: 'xtensa';
      readonly XCHAL_DCACHE_SIZE: number;
      readonly XCHAL_DCACHE_WAYS: number;
    }
  /** sh: what the CPU probe fills in before compute_alias(); the predicate does not ask for it. */
  | {
      readonly kind: 'sh';
      readonly sets: number;
      /** log2 of the line size. */
      readonly entryShift: number;
      /** SHX3: the kernel switches hardware synonym avoidance on. */
      readonly shx3: boolean;
    }
  /** arc: the build configuration register DC_BCR. */
  | {
      readonly kind: 'arc';
      readonly isa: 'arcompact' | 'arcv2';
      readonly dcacheKiB: number;
    }
  /** parisc: PDC firmware's sizes; the predicate does not ask for them. */
  | {
      readonly kind: 'parisc';
      readonly dcSizeBytes: number;
      /** PDC's loop count: the associativity. */
      readonly dcLoop: number;
    };

/** The part of ARM's Cache Type Register that decides about the data side. */
export interface ArmCtr {
  /** CTR bits 31..29: 4 means the ARMv7 format. */
  readonly format: 0 | 4;
  /** CTR bit 23 in the ARMv6 format: data cache restricts page colouring ("P" bit). */
  readonly dsideP: boolean;
}
