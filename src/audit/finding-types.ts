// What the types of findings mean: as `dachs explain TYPE`, the pages of docs/findings and the
// rules in SARIF tell it.

import type { FindingTypeInfo } from './finding.ts';
import { pathTypes } from './finding-types-path.ts';

/** Facts of a tree, and what follows from them for its users. */
const treeTypes: readonly FindingTypeInfo[] = [
  {
    type: 'FALSE_DENIAL',
    title: 'fsdax is refused to a CPU whose data cache does not alias',
    level: 'warning',
    meaning:
      'The alias policy of the tree refuses FS_DAX (a list of architectures) or fsdax ' +
      '(cpu_dcache_is_aliasing()), and exploration of the cache finds no scenario that an alias ' +
      'breaks. device-dax is not meant: see NULL_OPS_REFUSED.',
    fires: 'a predicate that is constant true, on a CPU whose way size is no larger than a page',
    silent: 'the same predicate on a CPU whose cache holds one line twice',
  },
  {
    type: 'FALSE_PERMISSION',
    title: 'fsdax is offered on a CPU whose data cache aliases',
    level: 'error',
    meaning:
      'Neither a list nor cpu_dcache_is_aliasing() refuses fsdax, and exploration finds a run ' +
      'in which a reader sees old bytes or a store is lost. The finding carries the shortest ' +
      'such run.',
    fires: 'a predicate computed from a variable that stays 0 on this CPU',
    silent: 'a predicate that is false on a physically indexed cache',
  },
  {
    type: 'NO_RUN_TIME_GATE',
    title: 'alloc_dax() does not ask whether the data cache aliases',
    level: 'error',
    meaning:
      'The tree decides about aliasing only when it is configured: the same kernel image on ' +
      'another CPU of the architecture gets the same answer.',
    fires:
      'an alloc_dax() whose body, and the mount code of file systems, never name the predicate',
    silent: 'an alloc_dax() that returns ERR_PTR(-EOPNOTSUPP) where the predicate is true',
  },
  {
    type: 'LIST_WITHOUT_EFFECT',
    title: 'A clause that refuses architectures by name changes no build result',
    level: 'check',
    meaning:
      'On every port that was read FS_DAX has the same value with the clause and without it, ' +
      'because something else already decides. Where the value could change it was evaluated ' +
      'both ways: a symbol that is y without a clause may become n with it, never the reverse.',
    fires: '!(ARM || MIPS || SPARC) beside ZONE_DEVICE, which none of the three can have',
    silent: 'the same clause where a listed architecture could otherwise build FS_DAX',
  },
  {
    type: 'SELECT_WITHOUT_HEADER',
    title: 'ARCH_HAS_CPU_CACHE_ALIASING is selected but the predicate is not defined',
    level: 'error',
    meaning:
      'The generic header expects asm/cachetype.h to define cpu_dcache_is_aliasing(). Reachable ' +
      'where alloc_dax(), which tests it, is built; other users of the header are not searched.',
    fires: 'a select in arch/x/Kconfig without arch/x/include/asm/cachetype.h',
    silent: 'a select with a header that defines the predicate',
  },
  {
    type: 'HEADER_WITHOUT_SELECT',
    title: 'An architecture defines the predicate but does not select the symbol',
    level: 'warning',
    meaning:
      'The generic header then answers false and the definition is never used. Reachable where ' +
      'FS_DAX can be built; other users of the predicate are not searched.',
    fires: 'a cachetype.h with the predicate in an architecture that does not select the symbol',
    silent: 'a cachetype.h without the predicate',
  },
  {
    type: 'NULL_OPS_REFUSED',
    title: 'alloc_dax() refuses device-dax too',
    level: 'warning',
    meaning:
      'device-dax passes no operations, so the dax paths of the kernel do not touch its pages ' +
      'through an address of their own: the alias that the refusal is about is not made there. ' +
      'Other aliases stay, refused or not: kmem, ptrace, get_user_pages(), two user mappings.',
    fires: 'a test of the predicate that is not joined with the operations argument',
    silent: 'a test of the form: operations given, and the cache aliases',
  },
  {
    type: 'REFUSAL_NOT_SURVIVED',
    title: 'A driver does not survive that alloc_dax() refuses',
    level: 'error',
    meaning:
      'Where the predicate is true, alloc_dax() refuses. The caller takes that for a success and ' +
      'uses it as a device, or gives up the whole device instead of going on without DAX. ' +
      'Whether it can be built there is known for pmem alone.',
    fires: 'alloc_dax() returns NULL, and the caller asks only IS_ERR()',
    silent:
      'a caller that lets -EOPNOTSUPP pass and goes on; a driver of an architecture without ' +
      'aliases',
  },
  {
    type: 'STUB_RETURNS_NULL',
    title: 'The CONFIG_DAX=n stub of alloc_dax() returns NULL',
    level: 'check',
    meaning:
      'The real function never returns NULL. A caller that tests only IS_ERR() takes the stub ' +
      'for a success, if it can be built with DAX=n. Callers below drivers/dax/ and callers ' +
      'behind IS_ENABLED() of a symbol of DAX cannot; of the others that is not checked.',
    fires: 'a static inline alloc_dax() that returns NULL',
    silent: 'a stub that returns ERR_PTR(-EOPNOTSUPP)',
  },
  {
    type: 'RESULT_UNTESTED',
    title: 'A caller uses the result of alloc_dax() without a test',
    level: 'error',
    meaning:
      'alloc_dax() returns error pointers; using one as an object is a wild access. Whether the ' +
      'caller can be built is known for pmem alone.',
    fires: 'a call whose result reaches another function and no IS_ERR() follows in the function',
    silent: 'a call followed by IS_ERR() or IS_ERR_OR_NULL()',
  },
  {
    type: 'STORED_AFTER_ADD_HOST',
    title: 'The dax_device is stored only after dax_add_host()',
    level: 'warning',
    meaning:
      'If dax_add_host() fails, the clean-up path works on the field that is not set yet, and ' +
      'the dax_device is leaked. It can fail with FS_DAX=y only: without, it is a stub that ' +
      'returns 0. Whether the caller can be built is known for pmem alone.',
    fires:
      'p->dax_dev = dax_dev after dax_add_host(dax_dev, ...) and a clean-up that uses p->dax_dev',
    silent: 'the assignment before dax_add_host()',
  },
];

/** Every type, in the order of the documentation. */
export const findingTypes: readonly FindingTypeInfo[] = [...treeTypes, ...pathTypes];
