// Pages, their addresses, files and mounts of the init block, resolved.

import type { Cells, InitItem, Word } from './ast.ts';
import { constantValue } from './constants.ts';
import { suggestion } from './nearest.ts';
import { MAX_CELLS } from './parse-init.ts';
import type { Reporter } from './reporter.ts';
import type {
  AddressInfo,
  FileInfo,
  FileOption,
  FileSystem,
  LineInfo,
  MountInfo,
  PageInfo,
  World,
} from './world-types.ts';

const MAKERS = ['linear', 'user', 'window'] as const;
const FILE_SYSTEMS: readonly FileSystem[] = ['ext2', 'ext4', 'xfs', 'erofs', 'virtiofs'];
const MODES = ['always', 'inode', 'never'] as const;
const OPTIONS: readonly string[] = ['colour', 'uncached', 'unmapped', 'private', 'sync'];
const FILE_OPTIONS: readonly FileOption[] = [
  'hole',
  'empty',
  'closed',
  'flagged',
  'direct',
  'cold',
];

/** The largest page number of an address. */
const MAX_COLOUR = 4095;

type Item<K extends InitItem['kind']> = Extract<InitItem, { readonly kind: K }>;

/** Notes a page and its lines. */
export function declarePage(
  world: World,
  item: Item<'page'> | Item<'pages'>,
  reporter: Reporter,
): void {
  const name = item.name.text;
  if (item.kind === 'page') {
    world.pages.set(name, { name, lines: [readLine(name, item, reporter)] });
    return;
  }
  const lines: LineInfo[] = [];
  for (const member of item.members.items) {
    if (lines.some((line) => line.member === member.name.text)) {
      const what = `${name} has two lines of the name '${member.name.text}'`;
      reporter.add(member.name, what, 'give one another name');
    }
    const line = readLine(`${name}.${member.name.text}`, member, reporter);
    lines.push({ ...line, member: member.name.text });
  }
  if (lines.length === 0) {
    reporter.add(item.name, `the page ${name} has no lines`, 'e.g. page y { buf[2]; flag = 0; };');
  }
  world.pages.set(name, { name, lines });
}

function readLine(name: string, cells: Cells, reporter: Reporter): LineInfo {
  const values = (cells.values ?? []).map((value) => constantValue(value, reporter));
  const size = cells.size ? constantValue(cells.size, reporter) : Math.max(1, values.length);
  if (cells.size && (size < 1 || size > MAX_CELLS)) {
    const hint = `a line has 1 to ${MAX_CELLS} cells`;
    reporter.add(cells.size, `${name} cannot have ${size} cells`, hint);
    return { name, cells: [0], isArray: true };
  }
  const surplus = cells.values?.[size];
  if (surplus)
    reporter.add(surplus, `${name} has ${size} cells, and more values`, 'take some away');
  const all = Array.from({ length: size }, (_, i) => values[i] ?? 0);
  return { name, cells: all, isArray: cells.size !== undefined || values.length > 1 };
}

/** Notes an address of a page. */
export function declareAddress(world: World, item: Item<'address'>, reporter: Reporter): void {
  const maker = MAKERS.find((one) => one === item.maker.text);
  if (!maker) {
    const hint = suggestion(item.maker.text, MAKERS, 'addresses');
    reporter.add(item.maker, `'${item.maker.text}' makes no address`, hint);
  }
  const page = pageOf(world, item.page, reporter);
  if (!page) return;
  checkType(item, page, reporter);
  const { colour, ...flags } = readOptions(item, reporter);
  // Page number 0 is where the linear map puts the page, unless the test says otherwise.
  const number = colour ?? (maker === 'linear' ? 0 : undefined);
  const address: AddressInfo = {
    name: item.name.text,
    page,
    maker: maker ?? 'linear',
    ...flags,
    ...(number === undefined ? {} : { colour: number }),
  };
  world.addresses.set(address.name, address);
}

function checkType({ type, name }: Item<'address'>, page: PageInfo, reporter: Reporter): void {
  const structured = page.lines.some((line) => line.member !== undefined);
  const written = type.map((word) => word.text).join(' ');
  const right = structured ? `struct ${page.name}` : 'int';
  const first = type[0];
  if (written === right || !first) return;
  const hint = `write ${right} *${name.text}`;
  reporter.add(first, `the page ${page.name} is no '${written}'`, hint);
}

function readOptions(item: Item<'address'>, reporter: Reporter) {
  const seen = new Set<string>();
  let colour: number | undefined;
  for (const { option, colour: number } of item.options) {
    if (!OPTIONS.includes(option.text)) {
      const hint = suggestion(option.text, OPTIONS, 'options');
      reporter.add(option, `'${option.text}' is no property of an address`, hint);
    }
    if (seen.has(option.text)) {
      reporter.add(option, `'${option.text}' stands twice`, 'take one away');
    }
    seen.add(option.text);
    if (!number) continue;
    colour = constantValue(number, reporter);
    if (colour >= 0 && colour <= MAX_COLOUR) continue;
    const hint = 'a page number; the colour is this modulo the colours of the machine';
    reporter.add(number, `a colour is 0 to ${MAX_COLOUR}`, hint);
  }
  return {
    colour,
    uncached: seen.has('uncached'),
    unmapped: seen.has('unmapped'),
    isPrivate: seen.has('private'),
    sync: seen.has('sync'),
  };
}

/** Notes a file. */
export function declareFile(world: World, item: Item<'file'>, reporter: Reporter): void {
  const pages = item.pages.flatMap((page) => pageOf(world, page, reporter) ?? []);
  const mount = item.on && world.mounts.get(item.on.text);
  const device = item.on && !mount ? deviceOf(world, item.on, reporter) : undefined;
  const [page, second] = item.pages;
  if (second && !mount) {
    reporter.add(second, 'a file of several pages is on a mount', 'file f = x, y on m;');
  }
  if (!mount && item.options[0]) {
    reporter.add(item.options[0], 'only a file on a mount has properties', 'file f = x on m;');
  }
  const [first] = pages;
  if (!first || !page || pages.length < item.pages.length) return;
  const file: FileInfo = {
    name: item.name.text,
    page: first,
    pages,
    options: new Set(item.options.flatMap((word) => fileOption(word, reporter))),
    ...(mount ? { mount } : device ? { device } : {}),
  };
  world.files.set(file.name, file);
}

function fileOption(word: Word, reporter: Reporter): readonly FileOption[] {
  const option = FILE_OPTIONS.find((one) => one === word.text);
  if (option) return [option];
  const hint = suggestion(word.text, FILE_OPTIONS, 'properties');
  reporter.add(word, `'${word.text}' is no property of a file`, hint);
  return [];
}

/** Notes a mount. */
export function declareMount(world: World, item: Item<'mount'>, reporter: Reporter): void {
  const fs = FILE_SYSTEMS.find((one) => one === item.fs.text);
  if (!fs) {
    const hint = suggestion(item.fs.text, FILE_SYSTEMS, 'file systems');
    reporter.add(item.fs, `'${item.fs.text}' is no file system with DAX`, hint);
  }
  const device = deviceOf(world, item.device, reporter);
  // @source Documentation/filesystems/dax.rst v6.12: without an option, dax=inode
  let option: MountInfo['option'] = 'inode';
  for (const { key, value } of item.options) {
    if (key.text === 'unmounted' && !value) continue;
    if (key.text !== 'dax') {
      reporter.add(key, `'${key.text}' is no mount option that is modelled`, 'there is dax alone');
    }
    const mode = value ? MODES.find((one) => one === value.text) : 'plain';
    if (!mode && value) {
      const hint = suggestion(value.text, MODES, 'modes');
      reporter.add(value, `dax=${value.text} is no mode`, hint);
    }
    option = mode ?? option;
  }
  if (!device || !fs) return;
  refuseMount({ fs, device: device.kind, item, reporter });
  const has = (word: string) => item.options.some(({ key }) => key.text === word);
  world.mounts.set(item.name.text, {
    name: item.name.text,
    fs,
    device,
    option,
    isBare: !has('dax'),
    unmounted: has('unmounted'),
  });
}

/** What no kernel can be asked: a filesystem where it cannot be, or a mode it does not know. */
function refuseMount({
  fs,
  device,
  item,
  reporter,
}: {
  readonly fs: MountInfo['fs'];
  readonly device: string;
  readonly item: Item<'mount'>;
  readonly reporter: Reporter;
}): void {
  if (device === 'device-dax') {
    const hint = 'a character device; take pmem';
    reporter.add(item.device, 'device-dax holds no file system', hint);
  } else if ((fs === 'virtiofs') !== (device === 'virtiofs')) {
    const hint = 'virtiofs goes with a virtiofs device, the others with a block device';
    reporter.add(item.device, `${fs} is never on ${device}`, hint);
  }
  for (const { value } of item.options) {
    if (!value) continue;
    // @source fs/ext2/super.c fs/erofs/super.c v6.12: the values of the option dax
    const known = fs === 'ext2' ? [] : fs === 'erofs' ? ['always', 'never'] : MODES;
    if (known.some((mode) => mode === value.text)) continue;
    if (!MODES.some((mode) => mode === value.text)) continue;
    const hint = fs === 'ext2' ? 'write dax, or nothing' : `modes: ${known.join(', ')}`;
    reporter.add(value, `${fs} does not know dax=${value.text}`, hint);
  }
}

function pageOf(world: World, name: Word, reporter: Reporter): PageInfo | undefined {
  const page = world.pages.get(name.text);
  if (page) return page;
  const near = suggestion(name.text, world.pages.keys(), 'pages');
  reporter.add(name, `there is no page '${name.text}'`, `${near}; declare it: page ${name.text};`);
  return undefined;
}

function deviceOf(world: World, name: Word, reporter: Reporter) {
  const device = world.devices.get(name.text);
  if (device) return device;
  const near = suggestion(name.text, world.devices.keys(), 'devices');
  const hint = `${near}; declare it: device ${name.text} = pmem;`;
  reporter.add(name, `there is no device '${name.text}'`, hint);
  return undefined;
}
