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
  believedStatements,
  builtStatements,
  congruenceStatements,
  geometryText,
  replayLine,
} from './explain-text.ts';
import { machineText } from './machine-text.ts';
import { type Statement, statementLines } from './statements.ts';
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
export function stackWhyText(explanation: StackExplanation): string {
  const { system, cell } = explanation;
  const latent = cell.latent === true ? ', latent: nobody can meet it' : '';
  const lines = [
    `${cellName(system, cell.place)}: ${stackCellText(cell)}${latent}`,
    ...statementLines(stackSubject(explanation)),
    '',
    ...statementLines(stackStatements(explanation)),
    ...stackWitnessLines(explanation),
  ];
  return `${lines.join('\n')}\n`;
}

/** What one cell is about, in full names. */
export function stackSubject({ system, cell }: StackExplanation): readonly Statement[] {
  return [
    said('machine', machineText(system.machine)),
    said('kernel', system.kernel.title),
    said('driver', cell.place.driver.title),
  ];
}

/** What is said of one cell: its three answers, which decided, and notes. */
export function stackStatements({ system, cell }: StackExplanation): readonly Statement[] {
  const { machine } = system;
  return [
    ...answerStatements(system, cell),
    said('decided', DECIDED[cell.decidedBy]),
    ...(machine.notUnderLinux
      ? [said('linux', `never runs it this way: ${machine.notUnderLinux}`)]
      : []),
    ...(machine.note ? [said('note', machine.note)] : []),
  ];
}

function said(topic: string, text: string): Statement {
  return { topic, text };
}

const DECIDED = {
  built: 'by Kconfig: it cannot be built',
  believed: 'by what the kernel believes and does',
  true: 'by what is true of the cache on this path',
} as const;

function answerStatements(system: StackSystem, cell: StackCell): readonly Statement[] {
  const { machine, port, belief, kernel } = system;
  const { does, place, truth } = cell;
  if (port === undefined || belief === undefined || does.outcome.kind === 'absent') {
    return [said('built', outcomeSentence(does.outcome, place))];
  }
  return [
    ...builtPartStatements(builtFor(kernel, port, place)),
    ...(place.fs === 'char' ? [] : builtStatements(belief)),
    ...believedStatements(belief),
    ...doneStatements(system, cell),
    said('true', geometryText(machine)),
    ...(truth ? truthTexts(truth) : [NO_PATH]).map((text) => said('true', text)),
    ...congruenceStatements(machine),
    ...(machine.assumes ? [said('assumes', machine.assumes)] : []),
  ];
}

const NO_PATH = 'no DAX on this path, on any CPU: the cache was not asked';

function builtPartStatements({ parts, dax, device }: Built): readonly Statement[] {
  const words = (value: boolean | undefined) =>
    value === undefined ? 'not evaluated' : value ? 'yes' : 'no';
  const head = `the device ${words(device)}, DAX on it ${words(dax)}; asked of the port:`;
  const asked = parts.map(({ symbol, value, because, source }) => {
    const why = because === '' ? '' : ` (${because})`;
    return `${symbol}=${value}${why}, ${formatSource(source)}`;
  });
  return [head, ...asked].map((text) => said('built', text));
}

function doneStatements(system: StackSystem, cell: StackCell): readonly Statement[] {
  const { does, unrefused, place } = cell;
  const { model, kernel } = system.cls;
  const from =
    model === undefined
      ? `by the rules of the catalogue for ${kernel}`
      : `${kernel} was run${model.notes.map((note) => `; ${note}`).join('')}`;
  const configured = asConfigured(system, place);
  const texts = [
    `${from}; ${CONDITION}`,
    outcomeSentence(does.outcome, place),
    ...shownTexts(does),
    `if it refused nobody: ${outcomeSentence(unrefused, place)}`,
    ...(configured
      ? [`as it is configured, without FS_DAX: ${outcomeSentence(configured.outcome, place)}`]
      : []),
  ];
  return texts.map((text) => said('does', text));
}

const CONDITION = 'as if all were built, but for a refusal by name';

function shownTexts({ shown, messages, flags }: Behaviour): readonly string[] {
  const below = flags && [
    flags.nocache ? 'DAXDEV_NOCACHE' : '',
    flags.writeCache ? 'DAXDEV_WRITE_CACHE' : '',
    flags.sync ? 'DAXDEV_SYNC' : '',
  ];
  return [
    ...(shown === undefined ? [] : [`/proc/mounts: ${shown}`]),
    ...messages.map((message) => `log: ${message}`),
    ...(below ? [`dax device: ${below.filter((f) => f !== '').join(' ') || 'no flag'}`] : []),
  ];
}

function truthTexts(truth: PathTruth): readonly string[] {
  const { path, coherent, stale, verdicts, losesAtCrash, crashNote } = truth;
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
  return [path, found, `power failure: ${kept}: ${crashNote}`];
}

/** The shortest witness against one cell, headed by its scenario; nothing where there is none. */
export function stackWitnessLines(explanation: StackExplanation): readonly string[] {
  const { system, cell, prevents } = explanation;
  const witness = cell.truth?.shortest?.witness;
  if (witness === undefined) return [];
  const replay = replayLine(witness, system.machine.id);
  const lines = witnessLines(witness, { outcome: 'bad', prevents, replay });
  // Programs of this matrix alone have no name that another command knows.
  const own = isNamedScenario(witness.scenario) ? lines : lines.filter((l) => !l.includes(replay));
  return ['', `${witness.scenario}, shortest witness:`, ...own];
}

/** Whether other commands, and the page's view of witnesses, know a scenario by this name. */
export function isNamedScenario(name: string): boolean {
  return /^L\d+$/.test(name);
}
