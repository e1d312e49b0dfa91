// What the names in one thread's body stand for: its registers, and the parameters it was passed.

import type { Param, ThreadNode, Word } from './ast.ts';
import { suggestion } from './nearest.ts';
import type { Reporter } from './reporter.ts';
import type {
  AddressInfo,
  DeviceInfo,
  FileInfo,
  LockInfo,
  MountInfo,
  VariableInfo,
  World,
} from './world-types.ts';

/** What a name stands for. */
export type Entity =
  | { readonly kind: 'register'; readonly name: string }
  | { readonly kind: 'address'; readonly of: AddressInfo }
  | { readonly kind: 'variable'; readonly of: VariableInfo }
  | { readonly kind: 'lock'; readonly of: LockInfo }
  | { readonly kind: 'device'; readonly of: DeviceInfo }
  | { readonly kind: 'file'; readonly of: FileInfo }
  | { readonly kind: 'mount'; readonly of: MountInfo };

/** The names of one thread. */
export interface Scope {
  readonly thread: string;
  readonly world: World;
  readonly reporter: Reporter;
  readonly params: ReadonlySet<string>;
  /** Registers by name, with the place of their declaration; grows as the body is read. */
  readonly registers: Map<string, Word>;
  readonly registersSet: Set<string>;
  /** First reads, to find registers that nothing ever sets. */
  readonly registersRead: Map<string, Word>;
}

/** Opens the scope of a thread and checks its parameters. */
export function openScope(thread: ThreadNode, world: World, reporter: Reporter): Scope {
  const params = new Set<string>();
  for (const param of thread.params) {
    checkParam(param, thread, world, reporter);
    if (params.has(param.name.text)) {
      reporter.add(param.name, `'${param.name.text}' is passed twice`, 'take one away');
    }
    params.add(param.name.text);
  }
  return {
    thread: thread.name.text,
    world,
    reporter,
    params,
    registers: new Map(),
    registersSet: new Set(),
    registersRead: new Map(),
  };
}

function checkParam(param: Param, thread: ThreadNode, world: World, reporter: Reporter): void {
  const { name } = param;
  const entity = declared(world, name.text);
  const isPage = world.pages.has(name.text);
  // What is wrong with a declaration was said there.
  if (!entity && !isPage && world.names.has(name.text)) return;
  if (!entity) {
    const what = isPage
      ? `'${name.text}' is a page, and ${thread.name.text} needs an address of it`
      : `'${name.text}' is not declared in the init block`;
    const near = suggestion(name.text, declaredNames(world), 'names');
    const hint = isPage ? addressHint(world, name.text) : `${near}; declare it, or do not pass it`;
    reporter.add(name, what, hint);
    return;
  }
  const written = param.type.map((word) => word.text).join(' ') + (param.star ? ' *' : '');
  const right = typesOf(entity);
  if (right.includes(written)) return;
  const first = right[0] ?? '';
  const hint = `write ${first}${first.endsWith('*') ? '' : ' '}${name.text}`;
  reporter.add(param, `'${name.text}' is not of the type '${written}'`, hint);
}

/** How a parameter of the kind may be written, the usual form first. */
function typesOf(entity: Entity): readonly string[] {
  switch (entity.kind) {
    case 'address': {
      const { page } = entity.of;
      return page.lines.some((line) => line.member) ? [`struct ${page.name} *`] : ['int *'];
    }
    case 'variable':
      return ['int *'];
    case 'lock':
      return entity.of.kind === 'spinlock'
        ? ['spinlock_t *', 'spinlock_t']
        : ['struct mutex *', 'struct mutex'];
    case 'device':
      return ['device', 'device *', 'struct dax_device *'];
    case 'file':
      return ['file', 'file *', 'struct file *'];
    case 'mount':
      return ['mount', 'mount *', 'struct super_block *'];
    case 'register':
      return [];
  }
}

/** A parameter of the name as the thread should declare it: `int *k`. */
function asParam(entity: Entity, name: string): string {
  const type = typesOf(entity)[0] ?? '';
  return type.endsWith('*') ? `${type}${name}` : `${type} ${name}`;
}

/** What a name in the body stands for; a problem where it stands for nothing here. */
export function lookUp(scope: Scope, word: Word): Entity | undefined {
  const { world, thread, reporter } = scope;
  const name = word.text;
  if (scope.registers.has(name)) return { kind: 'register', name };
  const entity = declared(world, name);
  if (entity && scope.params.has(name)) return entity;
  if (entity) {
    const hint = `add '${asParam(entity, name)}' to the parameters of ${thread}`;
    reporter.add(word, `'${name}' is not passed to ${thread}`, hint);
    return undefined;
  }
  if (world.pages.has(name)) {
    const what = `'${name}' is a page; threads reach it through an address`;
    reporter.add(word, what, addressHint(world, name));
    return undefined;
  }
  if (world.names.has(name) || scope.params.has(name)) return undefined;
  const known = [...scope.registers.keys(), ...scope.params];
  const near = suggestion(name, known, 'names');
  const hint = /^r\d+$/.test(name) ? `declare it: int ${name};` : near;
  reporter.add(word, `there is no '${name}' in ${thread}`, hint);
  return undefined;
}

/** Adds a register; a name that is taken is a problem. */
export function declareRegister(scope: Scope, word: Word): void {
  const { registers, reporter, params } = scope;
  if (registers.has(word.text)) {
    reporter.add(word, `the register '${word.text}' is declared twice`, 'take one away');
  } else if (params.has(word.text) || declared(scope.world, word.text)) {
    const hint = 'choose another name for the register';
    reporter.add(word, `'${word.text}' is declared in the init block`, hint);
  }
  if (/^_\d/.test(word.text)) {
    reporter.add(word, 'names like _0 are taken', 'choose another name for the register');
  }
  registers.set(word.text, word);
}

/** Notes the registers that are read though nothing sets them. */
export function checkRegisters(scope: Scope): void {
  for (const [name, word] of scope.registersRead) {
    if (scope.registersSet.has(name)) continue;
    const hint = `begin with a value: int ${name} = 0;`;
    scope.reporter.add(word, `nothing ever sets the register '${name}'`, hint);
  }
}

/** What the init block declares under the name; pages and CPUs are no values. */
function declared(world: World, name: string): Entity | undefined {
  const address = world.addresses.get(name);
  if (address) return { kind: 'address', of: address };
  const variable = world.variables.get(name);
  if (variable) return { kind: 'variable', of: variable };
  const lock = world.locks.get(name);
  if (lock) return { kind: 'lock', of: lock };
  const device = world.devices.get(name);
  if (device) return { kind: 'device', of: device };
  const file = world.files.get(name);
  if (file) return { kind: 'file', of: file };
  const mount = world.mounts.get(name);
  return mount && { kind: 'mount', of: mount };
}

function declaredNames(world: World): readonly string[] {
  const { addresses, variables, locks, devices, files, mounts } = world;
  return [addresses, variables, locks, devices, files, mounts].flatMap((map) => [...map.keys()]);
}

function addressHint(world: World, page: string): string {
  const names = [...world.addresses.values()].filter((a) => a.page.name === page);
  if (names.length === 0) return `declare one: int *k = linear(${page});`;
  return `its addresses: ${names.map((a) => a.name).join(', ')}`;
}
