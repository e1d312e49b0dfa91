// Instruction caches as JSON: a record for each machine, with sizes of the searches.

import { formatSource } from '../base/index.ts';
import { type IcacheRow, predicateVerdict } from '../matrix/index.ts';
import { form } from './records.ts';

/** The record of the table. */
export function icacheRecord(rows: readonly IcacheRow[]) {
  return form('icache', { machines: rows.map(rowRecord) });
}

function rowRecord(row: IcacheRow) {
  const { machine, facts, sync, dcacheSays, icacheSays, verdicts, isCoherent, aliasClass } = row;
  return {
    machine: machine.id,
    arch: machine.arch,
    icache:
      facts === undefined
        ? null
        : {
            kind: facts.kind,
            class: aliasClass ?? null,
            sizeBytes: facts.sizeBytes,
            ways: facts.ways,
            lineBytes: facts.lineBytes,
            synonyms: facts.synonyms,
            unified: facts.unified === true,
            coherent: isCoherent,
            evidence: facts.evidence,
            sources: facts.sources.map(formatSource),
          },
    port: {
      data: sync.data,
      instructions: sync.instructions,
      instructionsOnce: sync.instructionsOnce,
      unmap: sync.unmap,
      source: formatSource(sync.source),
    },
    cpu_dcache_is_aliasing: dcacheSays,
    cpu_icache_is_aliasing: icacheSays,
    predicate: predicateVerdict(row),
    alias: verdictRecord(verdicts.alias),
    new: verdictRecord(verdicts.new),
    again: verdictRecord(verdicts.again),
    runs: verdictRecord(verdicts.runs),
  };
}

function verdictRecord({ observation, stale, states, witness }: IcacheRow['verdicts']['new']) {
  return { observation, stale, states, steps: witness?.steps.length ?? null };
}
