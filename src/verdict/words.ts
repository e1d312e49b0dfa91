// The verdict words, and the rule that joins the three answers of one cell.
//
// Built, believed and true are never mixed: a cell keeps all three and says which one decided.

/** Verdict on one system of machine and kernel. */
export type Word =
  /** Offered, and every reader sees the newest bytes. */
  | 'on'
  /** Refused, and rightly so. */
  | 'off'
  /** Refused though the hardware is coherent. */
  | 'LOST'
  /** Offered though the hardware is not coherent: a witness shows it. */
  | 'STALE'
  /** Breaks where it should go on without DAX. */
  | 'FAIL'
  /** A bound was reached, or a part could not be checked. */
  | '?'
  /** Cannot be built or attached, and the policy is right about the hardware. */
  | '.'
  /** The kernel does not run on the machine: it has no such port. */
  | '-';

/** The three answers of one cell. */
export interface ThreeAnswers {
  /** FS_DAX can be built, apart from a list of architectures refused by name. */
  readonly built: boolean | undefined;
  /** The kernel offers DAX where it is built; `undefined`: not checked. */
  readonly offered: boolean | undefined;
  /** A driver breaks on the refusal instead of going on without DAX. */
  readonly breaks: boolean;
  /** Such a driver (pmem) can be built, with or without FS_DAX. */
  readonly attachable: boolean | undefined;
  /** Every scenario of coherence is Never on the hardware; `undefined`: bound reached. */
  readonly coherent: boolean | undefined;
}

/** The verdict on one cell; `asIfBuilt` judges the policy, `word` what becomes of it. */
export interface CellVerdict {
  readonly word: Word;
  /** The verdict that holds as soon as FS_DAX can be built: the policy judged by itself. */
  readonly asIfBuilt: Exclude<Word, '.'>;
  /**
   * LOST or STALE where FS_DAX, FAIL where the driver cannot be built: nobody can meet it.
   * `unknown` where nobody evaluated that symbol.
   */
  readonly latent: boolean | 'unknown';
  /** Which of the three answers settled the word. */
  readonly decidedBy: 'built' | 'believed' | 'true';
}

/** Joins the three answers. A latent fault keeps its word, so that it is not hidden by Kconfig. */
export function judge(answers: ThreeAnswers): CellVerdict {
  const asIfBuilt = policyVerdict(answers);
  // A driver that breaks needs no FS_DAX for that: its own Kconfig symbol decides who meets it.
  if (asIfBuilt === 'FAIL') {
    const latent = answers.attachable === undefined ? 'unknown' : !answers.attachable;
    return { word: 'FAIL', asIfBuilt, latent, decidedBy: latent === true ? 'built' : 'believed' };
  }
  const faulty = asIfBuilt === 'LOST' || asIfBuilt === 'STALE';
  if (answers.built === false) {
    // "." says that the policy is right; where that was not settled, the cell stays open.
    const word = faulty || asIfBuilt === '?' ? asIfBuilt : '.';
    return { word, asIfBuilt, latent: faulty, decidedBy: 'built' };
  }
  const decidedBy = asIfBuilt === 'off' ? 'believed' : 'true';
  if (answers.built === undefined)
    return { word: '?', asIfBuilt, latent: false, decidedBy: 'built' };
  return { word: asIfBuilt, asIfBuilt, latent: false, decidedBy };
}

/** The cell of a machine that the kernel does not run on, or whose ports could not be read. */
export function withoutPort(unread: boolean): CellVerdict {
  const word = unread ? '?' : '-';
  return { word, asIfBuilt: word, latent: false, decidedBy: 'built' };
}

function policyVerdict({ offered, breaks, coherent }: ThreeAnswers): Exclude<Word, '.'> {
  if (breaks) return 'FAIL';
  if (offered === undefined || coherent === undefined) return '?';
  if (offered) return coherent ? 'on' : 'STALE';
  return coherent ? 'LOST' : 'off';
}

/** One line on each word, in the order of the legend. */
export const wordMeanings: readonly { readonly word: Word; readonly meaning: string }[] = [
  { word: 'on', meaning: 'offered and coherent' },
  { word: 'off', meaning: 'refused, and rightly so' },
  { word: 'LOST', meaning: 'refused though coherent' },
  { word: 'STALE', meaning: 'offered though not coherent' },
  { word: 'FAIL', meaning: 'breaks where it should go on without DAX' },
  { word: '?', meaning: 'bound reached, or not checked' },
  { word: '.', meaning: 'cannot be built (and the policy is right)' },
  { word: '-', meaning: 'this kernel has no such port' },
];
