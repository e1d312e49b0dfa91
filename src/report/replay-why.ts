// Why a step of a recording comes out otherwise on the model: the copies of a line behind it, or
// what the kernel decides on this machine, in sentences.

import type {
  CopySight,
  Difference,
  LineOwner,
  LineSight,
  ScenarioWalk,
  WalkBed,
} from '../replay/index.ts';

/** What is known of why one step came out as it did; empty where it agrees. */
export function replayWhy(walk: ScenarioWalk, index: number): readonly string[] {
  const step = walk.steps[index];
  const result = step?.result ?? walk.result.steps[index];
  if (result === undefined || result.kind === 'agrees') return [];
  if (result.kind === 'not-held') return [`No model is held to this step: ${result.why}.`];
  if (result.kind === 'not-checked') return [`This step is not checked: ${result.why}.`];
  const { bed } = walk;
  if (bed === undefined) return [];
  const line = result.copies.length > 0 ? step?.line : undefined;
  if (line !== undefined) {
    const place = `the line at 0x${line.paddr.toString(16)}`;
    const where =
      step?.differsAt === undefined
        ? []
        : [`The answers part at byte ${step.differsAt}: ${place}.`];
    return [...where, ...lineWhy(line, bed)];
  }
  const before = walk.result.steps.slice(0, index).findLast(({ kind }) => kind === 'differs');
  return [
    ...(bed.dcache === undefined ? [] : ['No copy in a cache is behind this step.']),
    ...(before === undefined ? [] : [`It may follow from step ${before.index + 1}.`]),
    ...pageWhy(bed),
    ...(isOfDevice(result.differences) ? [gateWhy(bed, walk)] : []),
  ];
}

/** Who filled a copy: `mapping m`, `the kernel`. */
export function ownerText(owner: LineOwner): string {
  switch (owner.kind) {
    case 'mapping':
      return `mapping ${owner.name}`;
    case 'kernel':
      return owner.linear ? "the kernel's linear map" : 'another address of the kernel';
    case 'gone':
      return 'an address of the process that is no longer mapped';
  }
}

/** What one line and its copies say, and why the hardware leaves it so. */
export function lineWhy(line: LineSight, bed: WalkBed): readonly string[] {
  const { copies, memory } = line;
  const told = copies.map((copy) => copyText(copy, memory));
  const odd = copies.filter(({ bytes }) => bytes !== memory);
  const dirty = odd.filter((copy) => copy.dirty);
  const stale = odd.find((copy) => !copy.dirty);
  const left =
    stale === undefined
      ? []
      : [
          `The clean copy of ${ownerText(stale.owner)} is stale: memory was written through ` +
            'another address, and nobody dropped this copy.',
        ];
  return [...told, ...dirtyWhy(dirty), ...left, ...(odd.length > 0 ? hardwareWhy(bed) : [])];
}

function dirtyWhy(dirty: readonly CopySight[]): readonly string[] {
  const [first, ...others] = dirty;
  if (first === undefined) return [];
  if (others.some(({ bytes }) => bytes !== first.bytes)) {
    return [
      'Both copies are dirty and hold different bytes: the one that is written back last stays, ' +
        'and what was stored through the other is lost.',
    ];
  }
  return [`${first.bytes} stands in a dirty copy alone: memory has not got it yet.`];
}

function copyText({ owner, set, way, dirty, bytes }: CopySight, memory: string): string {
  const where = `set ${set}, way ${way}`;
  const state = dirty ? 'dirty' : 'clean';
  const than = bytes === memory ? 'as memory does' : `memory holds ${memory}`;
  const name = ownerText(owner);
  return `The copy filled through ${name} (${where}, ${state}) holds ${bytes}; ${than}.`.replace(
    '; as',
    ', as',
  );
}

function hardwareWhy({ dcache }: WalkBed): readonly string[] {
  if (dcache?.class === 'vivt') {
    return [
      'A VIVT cache finds a line by its virtual address: under another address of the same ' +
        'bytes it misses, and takes them from memory.',
    ];
  }
  if (dcache?.class === 'vipt-aliasing') {
    return [
      `The cache has ${dcache.colours} colours: under an address of another colour it looks in ` +
        'another set, misses, and takes the bytes from memory.',
    ];
  }
  return [];
}

/** Keys of answers that tell whether a device or a file is offered for DAX. */
const DEVICE_KEYS = new Set(['opts', 'attr_dax', 'errno', 'stdout', 'value', 'rc', 'lines']);

function isOfDevice(differences: readonly Difference[]): boolean {
  return differences.some(({ key }) => DEVICE_KEYS.has(key));
}

/** Pages of the recordings. */
const RECORDED_PAGE_BYTES = 4096;

function pageWhy({ pageBytes }: WalkBed): readonly string[] {
  if (pageBytes === RECORDED_PAGE_BYTES) return [];
  return [
    `Pages have ${pageBytes} bytes here, ${RECORDED_PAGE_BYTES} on the recorded machine: blocks ` +
      'of 4096 bytes are then too small for DAX.',
  ];
}

function gateWhy(bed: WalkBed, { result: { scenario } }: ScenarioWalk): string {
  const recorded = `recorded on ${scenario.arch}, ${recordedGateText(scenario.gate)}`;
  return `On this machine ${gateText(bed)}; ${recorded}.`;
}

/** What alloc_dax() did when a scenario was recorded, from the recording's word for it. */
export function recordedGateText(gate: string): string {
  if (gate === 'open') return 'alloc_dax() as the kernel has it';
  return `alloc_dax() made to fail (${gate})`;
}

/** What alloc_dax() does on the bed. */
export function gateText(bed: WalkBed): string {
  const config = bed.FS_DAX ? '' : ', and FS_DAX is not built';
  if (bed.gate !== 'stock') return `alloc_dax() fails with -${bed.gate}${config}`;
  if (bed.cpu_dcache_is_aliasing) {
    return `the kernel believes that the data cache aliases and refuses DAX${config}`;
  }
  return `alloc_dax() lets devices through${config}`;
}
