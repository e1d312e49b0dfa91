// Names that both Promela and C accept: SPIN turns a model into C, so a field called `register` or
// `MA` would break the compilation, or silently be replaced by one of the verifier's macros.

/** Words of Promela, of C, and those that the verifier defines itself in lower or mixed case. */
const reserved: ReadonlySet<string> = new Set(
  [
    'active assert atomic bit bool break byte c_code c_decl c_expr c_state c_track chan',
    'condition d_proctype d_step d_procty do else empty enabled end eval false fi for full',
    'get_priority goto hidden if in init inline int len local ltl mtype nempty never nfull',
    'notrace np_ od of pc_value pid print printf printm priority proctype progress provided run',
    'select set_priority short show skip timeout trace true typedef unless unsigned xr xs',
    'accept always eventually equivalent implies next release stronguntil until weakuntil U V W',
    'X auto case char const continue default double enum extern float inline long register',
    'restrict return signed sizeof static struct switch union void volatile while asm typeof',
    'main errno linux unix i386 stdin stdout stderr final getframe iam_alive max maxseq0',
    'minseq0 mix now onstack_put onstack_zap pthread_equal q_sz rand rot this uchar uint ulong',
    'ushort wasnew trpt depth Max Offsetof PanSource Pclaim SpinVersion StackSize UnBlock',
    'IfNotBlocked Addproc system end_system',
  ].flatMap((line) => line.split(' ')),
);

/** What the verifier makes of the names and numbers of processes. */
const generated = /^(?:Air\d+|P\d+|Q\d+|Psystem.*|system_\d+)$/;

const maxLength = 60;

/**
 * A valid and distinct identifier for each name, in their order, as near to it as can be: other
 * characters become `_`, and what would clash with a word of Promela or C, or with a name of
 * `taken`, gets a suffix.
 */
export function identifiers(
  names: readonly string[],
  taken: readonly string[] = [],
): readonly string[] {
  const used = new Set(taken);
  return names.map((name) => {
    const base = acceptable(name);
    let candidate = base;
    for (let n = 2; used.has(candidate); n++) candidate = `${base}_${n}`;
    used.add(candidate);
    return candidate;
  });
}

function acceptable(name: string): string {
  const plain = name
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, maxLength);
  const word = /^[A-Za-z]/.test(plain) ? plain : `f_${plain}`;
  // The verifier's macros are in capitals: no name of ours consists of capitals alone.
  const risky = reserved.has(word) || generated.test(word) || !/[a-z]/.test(word);
  return risky ? `${word}_` : word;
}
