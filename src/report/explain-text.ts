// Explanations: a cell with its three answers, a scenario with its witness, a type of finding.

import { formatSource, type Source } from '../base/index.ts';
import type { FindingTypeInfo } from '../audit/index.ts';
import { aliasClass, colours, congruence, type Machine, waySizeBytes } from '../hw/index.ts';
import type { Belief, Durability } from '../kernel/index.ts';
import type { Program } from '../litmus/index.ts';
import type { Cell, Truth } from '../matrix/index.ts';
import { conditionText } from '../scenario/index.ts';
import type { Replay, ScenarioVerdict, Witness } from '../verdict/index.ts';
import { bytesText, labelled, wrap } from './layout.ts';
import { cacheText, machineText } from './machine-text.ts';
import { cellText } from './matrix-text.ts';
import { type Statement, statementLines } from './statements.ts';
import { witnessLines } from './witness-text.ts';

/** What an explanation of one cell is told from. */
export interface CellExplanation {
  readonly machine: Machine;
  readonly cell: Cell;
  readonly truth: Truth;
  /** Remedies that were found to help against the witness. */
  readonly prevents: readonly string[];
}

/** Text on one cell: built, believed, true, and which of them decided. */
export function cellExplanationText(explanation: CellExplanation): string {
  const { machine, cell } = explanation;
  const latent = cell.verdict.latent === true ? ', latent' : '';
  const lines = [
    `${machineText(machine)} under ${cell.kernel}: ${cellText(cell)}${latent}`,
    '',
    ...statementLines(cellStatements(explanation)),
    ...cellWitnessLines(explanation),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is said of one cell: its three answers, which decided, notes and sources. */
export function cellStatements({ machine, cell, truth }: CellExplanation): readonly Statement[] {
  const { belief } = cell;
  return [
    ...(belief ? builtStatements(belief) : [said('built', 'this kernel has no such port')]),
    ...(belief ? believedStatements(belief) : []),
    said('true', geometryText(machine)),
    said('true', coherenceText(truth)),
    ...congruenceStatements(machine),
    ...(machine.assumes ? [said('assumes', machine.assumes)] : []),
    said('decided', DECIDED[cell.verdict.decidedBy]),
    ...(machine.notUnderLinux
      ? [said('linux', `never runs it this way: ${machine.notUnderLinux}`)]
      : []),
    ...(machine.note ? [said('note', machine.note)] : []),
    ...machine.sources.map((source) => said('sources', formatSource(source))),
  ];
}

/** The shortest witness against a cell, headed by its scenario; nothing where there is none. */
export function cellWitnessLines({ machine, truth, prevents }: CellExplanation): readonly string[] {
  const witness = truth.shortest?.witness;
  if (witness === undefined) return [];
  const replay = replayLine(witness, machine.id);
  return [
    '',
    `${witness.scenario}, shortest witness:`,
    ...witnessLines(witness, { outcome: 'bad', prevents, replay }),
  ];
}

function said(topic: string, text: string): Statement {
  return { topic, text };
}

const DECIDED = {
  built: 'by Kconfig: it cannot be built',
  believed: 'by what the kernel believes',
  true: 'by what is true of the cache',
} as const;

/** The command that replays a witness. */
export function replayLine(witness: Witness, machine: string): string {
  const remedy = witness.remedy === 'none' ? '' : ` --remedy ${witness.remedy}`;
  const subject = `${witness.scenario} --machine ${machine}${remedy}`;
  return `dachs explain ${subject} --replay ${witness.replay}`;
}

/** What FS_DAX of a port is, with the chain of symbols that decides. */
export function builtStatements({ built, buildable, port }: Belief): readonly Statement[] {
  const chain = built.chain.map(
    ({ symbol, value, because, source }) =>
      `${symbol} is ${value}: ${because} (${formatSource(source)})`,
  );
  if (buildable.value !== built.value) {
    chain.push(`without the clause by name it would be ${buildable.value}`);
  }
  return [
    said('built', `FS_DAX is ${built.value} on ${port}`),
    ...chain.map((text): Statement => ({ topic: 'built', text, because: true })),
  ];
}

/** The predicate, alloc_dax() and what both come to. */
export function believedStatements(belief: Belief): readonly Statement[] {
  const { predicate, allocDax, deviceDax, fsdax } = belief;
  const parts: string[] = [];
  if (belief.refusedByName) parts.push('the architecture is refused by name');
  if (predicate.kind === 'known') {
    parts.push(`cpu_dcache_is_aliasing() is ${predicate.value}: ${predicate.because}`);
  } else if (predicate.kind === 'absent') parts.push('the kernel has no predicate');
  else parts.push(`predicate not checked: ${predicate.why}`);
  const [ops, none] = [answerText(allocDax), answerText(deviceDax)];
  parts.push(
    ops === none && allocDax.kind === 'not-checked'
      ? `alloc_dax() gives ${ops}`
      : `alloc_dax(ops) gives ${ops}, alloc_dax(NULL) ${none}`,
  );
  parts.push(`fsdax ${offerText(fsdax)}`);
  return parts.map((part) => said('believed', part));
}

function answerText(answer: Belief['allocDax']): string {
  switch (answer.kind) {
    case 'dax_device':
      return 'a dax_device';
    case 'ERR_PTR':
      return `-${answer.errno}`;
    case 'NULL':
      return 'NULL';
    case 'not-checked':
      return `no checked answer (${answer.why})`;
  }
}

function offerText(offer: Belief['fsdax']): string {
  switch (offer.kind) {
    case 'offered':
      return 'is offered';
    case 'refused':
      return `is refused by ${offer.by === 'name' ? 'the list of architectures' : offer.by}`;
    case 'breaks':
      return 'takes the whole device with it: the driver does not survive the refusal';
    case 'not-checked':
      return `is not checked: ${offer.why}`;
  }
}

/** The data cache in a phrase: size, ways, lines, colours. */
export function geometryText({ dcache, pageBytes }: Machine): string {
  if (!dcache) return 'no data cache is modelled';
  const way = bytesText(waySizeBytes(dcache));
  const count = colours(dcache, pageBytes);
  const indexed = dcache.kind === 'pipt' ? '' : `, ${count} colour${count === 1 ? '' : 's'}`;
  const synonyms = {
    none: '',
    hardware: ', synonyms removed by hardware',
    trap: ', synonyms trap',
  }[dcache.synonyms];
  const ways = dcache.ways === 1 ? 'direct mapped' : `${dcache.ways} ways`;
  return (
    `${cacheText(dcache)}: ${aliasClass(dcache, pageBytes)}, write-${dcache.write}, ${ways} of ` +
    `${way}${indexed}${synonyms}`
  );
}

function coherenceText({ coherent, stale, losesStores }: Truth): string {
  if (coherent === undefined) return 'a bound was reached: nothing is said';
  if (coherent) return 'every coherence scenario is Never';
  return `stale in ${stale.join(', ')}${losesStores ? '' : ' (stale reads only)'}`;
}

/** Which addresses of a page meet in one line; nothing where all do. */
export function congruenceStatements(machine: Machine): readonly Statement[] {
  const { dcache, pageBytes } = machine;
  if (!dcache || (dcache.kind !== 'vivt' && colours(dcache, pageBytes) === 1)) return [];
  const { shmlbaBytes, modulus, shmlbaSuffices } = congruence(machine);
  const right = modulus.kind === 'bytes' ? `modulo ${bytesText(modulus.bytes)}` : 'never';
  const verdict = shmlbaSuffices ? 'is enough' : 'is not enough';
  const text = `two addresses share a line ${right}; SHMLBA (${bytesText(shmlbaBytes)}) ${verdict}`;
  return [said('true', text)];
}

function sourceLines(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((s, i) => labelled(i === 0 ? 'sources' : '', formatSource(s)));
}

/** Where a scenario was asked: the machine, what Linux does there for durability, what helps. */
export interface ScenarioContext {
  readonly machine: Machine;
  readonly durability: Durability;
  readonly prevents: readonly string[];
  /** A run that was asked for by its steps, shown in place of the shortest witness. */
  readonly replay: Replay | undefined;
}

/** Text on one scenario on one machine. */
export function scenarioText(
  program: Program,
  verdict: ScenarioVerdict,
  context: ScenarioContext,
): string {
  const { machine } = context;
  const lines = [
    `${program.name}: ${program.title}`,
    '',
    ...wrap(program.about),
    '',
    ...labelled('machine', `${machineText(machine)}: ${geometryText(machine)}`),
    ...labelled('durable', durabilityText(context.durability)),
    ...labelled('remedy', verdict.remedy),
    ...labelled('question', `exists ${conditionText(program.question.condition)}`),
    ...labelled(
      'answer',
      `${verdict.observation}${verdict.stale ? ': STALE' : ''} (${verdict.positive} bad and ` +
        `${verdict.negative} good outcomes, ${verdict.states} states, ` +
        `${verdict.transitions} transitions, depth ${verdict.depth})`,
    ),
    ...(verdict.bound ? labelled('bound', `cut off at ${verdict.bound}: not a pass`) : []),
    ...sourceLines(program.sources),
  ];
  const shown = context.replay?.run ?? verdict.witness;
  if (shown) {
    lines.push('', `${context.replay ? 'replay' : 'shortest witness'} (* hardware):`);
    lines.push(
      ...witnessLines(shown, {
        outcome: context.replay?.outcome ?? 'bad',
        prevents: context.prevents,
        replay: replayLine(shown, machine.id),
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}

function durabilityText({ pmemApi, flushcache, flushCachePage, sources }: Durability): string {
  const parts = [
    `dax_flush() ${pmemApi ? 'writes K back' : 'is empty'}`,
    `write() ${flushcache ? 'leaves no dirty line' : 'leaves dirty lines'}`,
    `flush_cache_page() ${flushCachePage ? 'writes U back' : 'does nothing for the data cache'}`,
  ];
  return `${parts.join(', ')} (${sources.map(formatSource).join('; ')})`;
}

/** Text of one type of finding. */
export function findingTypeText(info: FindingTypeInfo): string {
  return `${[
    `${info.type}: ${info.title}`,
    '',
    ...wrap(info.meaning),
    '',
    ...labelled('fires', info.fires),
    ...labelled('silent', info.silent),
  ].join('\n')}\n`;
}
