// One cell explained: built, believed and done, true, which of them decided, and the shortest
// schedule of the cache that goes wrong.

import { formatSource } from '../base/index.ts';
import {
  asConfigured,
  type Behaviour,
  type Built,
  builtFor,
  type PathTruth,
  type StackCell,
  type StackSystem,
} from '../matrix/index.ts';
import {
  believedLines,
  builtLines,
  congruenceLines,
  geometryText,
  replayLine,
} from './explain-text.ts';
import { labelled } from './layout.ts';
import { machineText } from './matrix-text.ts';
import { cellName, outcomeSentence, stackCellText } from './stack-words.ts';
import { witnessLines } from './witness-text.ts';

/** What an explanation is told from. */
export interface StackExplanation {
  readonly system: StackSystem;
  readonly cell: StackCell;
  /** Remedies that were found to help against the witness. */
  readonly prevents: readonly string[];
}

/** Text on one cell. */
export function stackWhyText({ system, cell, prevents }: StackExplanation): string {
  const { machine, kernel } = system;
  const latent = cell.latent === true ? ', latent: nobody can meet it' : '';
  const lines = [
    `${cellName(system, cell.place)}: ${stackCellText(cell)}${latent}`,
    ...labelled('machine', machineText(machine)),
    ...labelled('kernel', kernel.title),
    ...labelled('driver', cell.place.driver.title),
    '',
    ...answerLines(system, cell),
    ...labelled('decided', DECIDED[cell.decidedBy]),
    ...(machine.notUnderLinux
      ? labelled('linux', `never runs it this way: ${machine.notUnderLinux}`)
      : []),
    ...(machine.note ? labelled('note', machine.note) : []),
    ...witnessOfCell(system, cell, prevents),
  ];
  return `${lines.join('\n')}\n`;
}

const DECIDED = {
  built: 'by Kconfig: it cannot be built',
  believed: 'by what the kernel believes and does',
  true: 'by what is true of the cache on this path',
} as const;

function answerLines(system: StackSystem, cell: StackCell): readonly string[] {
  const { machine, port, belief, kernel } = system;
  if (port === undefined || belief === undefined) {
    return labelled('built', outcomeSentence(cell.does.outcome, cell.place));
  }
  if (cell.does.outcome.kind === 'absent') {
    return labelled('built', outcomeSentence(cell.does.outcome, cell.place));
  }
  return [
    ...builtPartLines(builtFor(kernel, port, cell.place)),
    ...(cell.place.fs === 'char'
      ? []
      : builtLines(belief).map((l) => l.replace(/^built/, '     '))),
    ...believedLines(belief),
    ...doneLines(system, cell),
    ...labelled('true', geometryText(machine)),
    ...(cell.truth ? truthLines(cell.truth) : labelled('', NO_PATH)),
    ...congruenceLines(machine),
    ...(machine.assumes ? labelled('assumes', machine.assumes) : []),
  ];
}

const NO_PATH = 'no DAX on this path, on any CPU: the cache was not asked';

function builtPartLines({ parts, dax, device }: Built): readonly string[] {
  const words = (value: boolean | undefined) =>
    value === undefined ? 'not evaluated' : value ? 'yes' : 'no';
  const head = `the device ${words(device)}, DAX on it ${words(dax)}; asked of the port:`;
  return [
    ...labelled('built', head),
    ...parts.flatMap(({ symbol, value, because, source }) => {
      const why = because === '' ? '' : ` (${because})`;
      return labelled('', `${symbol}=${value}${why}, ${formatSource(source)}`);
    }),
  ];
}

function doneLines(system: StackSystem, { does, unrefused, place }: StackCell): readonly string[] {
  const { model, kernel } = system.cls;
  const from =
    model === undefined
      ? `by the rules of the catalogue for ${kernel}`
      : `${kernel} was run${model.notes.map((note) => `; ${note}`).join('')}`;
  const configured = asConfigured(system, place);
  return [
    ...labelled('does', `${from}; ${CONDITION}`),
    ...labelled('', outcomeSentence(does.outcome, place)),
    ...shownLines(does),
    ...labelled('', `if it refused nobody: ${outcomeSentence(unrefused, place)}`),
    ...(configured
      ? labelled(
          '',
          `as it is configured, without FS_DAX: ${outcomeSentence(configured.outcome, place)}`,
        )
      : []),
  ];
}

const CONDITION = 'as if all were built, but for a refusal by name';

function shownLines({ shown, messages, flags }: Behaviour): readonly string[] {
  const below = flags && [
    flags.nocache ? 'DAXDEV_NOCACHE' : '',
    flags.writeCache ? 'DAXDEV_WRITE_CACHE' : '',
    flags.sync ? 'DAXDEV_SYNC' : '',
  ];
  return [
    ...(shown === undefined ? [] : labelled('', `/proc/mounts: ${shown}`)),
    ...messages.flatMap((message) => labelled('', `log: ${message}`)),
    ...(below
      ? labelled('', `dax device: ${below.filter((f) => f !== '').join(' ') || 'no flag'}`)
      : []),
  ];
}

function truthLines({ path, coherent, stale, verdicts, losesAtCrash, crashNote }: PathTruth) {
  const asked = verdicts.map(({ scenario }) => scenario).join(', ');
  const found =
    coherent === undefined
      ? 'a bound was reached: nothing is said'
      : coherent
        ? `never stale, nothing lost (${asked})`
        : `goes wrong in ${stale.join(', ')}`;
  const kept =
    losesAtCrash === undefined
      ? 'not asked'
      : losesAtCrash.length === 0
        ? 'fsync() keeps all'
        : `lost in ${losesAtCrash.join(', ')}`;
  const crash = `${kept}: ${crashNote}`;
  return [
    ...labelled('', path),
    ...labelled('', found),
    ...labelled('', `power failure: ${crash}`),
  ];
}

function witnessOfCell(
  { machine }: StackSystem,
  { truth }: StackCell,
  prevents: readonly string[],
): readonly string[] {
  const witness = truth?.shortest?.witness;
  if (witness === undefined) return [];
  const replay = replayLine(witness, machine.id);
  const lines = witnessLines(witness, { outcome: 'bad', prevents, replay });
  // Programs of this matrix alone have no name that another command knows.
  const own = /^L\d+$/.test(witness.scenario) ? lines : lines.filter((l) => !l.includes(replay));
  return ['', `${witness.scenario}, shortest witness:`, ...own];
}
