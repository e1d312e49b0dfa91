// One cell: its three answers and which of them decided, sources, the shortest witness, and what
// other kernels say.

import { useEffect, useRef } from 'preact/hooks';
import { fragmentOf } from '../../link/index.ts';
import { CopyButton, Fault, Picker, useAnswer, useKeys } from '../../ui/index.ts';
import type { CellAnswer, CellWitness, Plan } from './asks.ts';
import { LANE } from './kernels.ts';
import { Answers, Statements, Three } from './panel-answers.tsx';
import { glyphOf, toneOf } from './words.ts';

/** Which cell, and how to go elsewhere. */
export interface PanelProps {
  readonly plan: Plan;
  /** Without its kernel. */
  readonly cell: string;
  readonly kernel: string;
  /** The words of this cell under all kernels, as far as they are judged. */
  readonly words: ReadonlyMap<string, string>;
  /** Whether the reader opened it just now: then it takes the focus. */
  readonly takesFocus: boolean;
  readonly onClose: () => void;
  readonly onCell: (cell: string) => void;
  readonly onKernel: (kernel: string) => void;
}

/** The panel of a cell. */
export function Panel(props: PanelProps) {
  const { plan, cell, kernel, takesFocus, onClose } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const asked = useAnswer('matrix-cell', { cell, kernel }, LANE);
  const found = asked.state === 'here' ? asked.answer.found : undefined;
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  useKeys([{ keys: ['Escape'], does: 'close the cell', act: onClose }]);
  return (
    <section class="matrix-panel" aria-labelledby="matrix-cell" aria-busy={asked.stale}>
      <div class="matrix-panel-head">
        <h2 id="matrix-cell" tabIndex={-1} ref={heading}>
          {found === undefined ? null : <Word word={found.word} />}
          <span class="mono matrix-name">{found?.name ?? `${cell}@${kernel}`}</span>
        </h2>
        <span class="actions">
          {found === undefined ? null : (
            <CopyButton label="Copy cell as text" text={() => found.text} shortcut="C" />
          )}
          <button type="button" onClick={onClose} aria-keyshortcuts="Escape">
            Close
          </button>
        </span>
      </div>
      {asked.state === 'fault' ? <Fault message={asked.message} /> : null}
      {asked.state === 'waiting' ? <p aria-busy="true">Asking ...</p> : null}
      {asked.state === 'here' && found === undefined ? (
        <p role="alert">
          There is no cell {cell}: MACHINE/DRIVER/FS/OPTION, as in arm926ej-s/pmem/ext4/always
        </p>
      ) : null}
      <Neighbours {...props} />
      {found === undefined ? null : <Explained {...props} found={found} plan={plan} />}
    </section>
  );
}

function Word({ word }: { readonly word: string }) {
  return (
    <span class={`matrix-badge matrix-${toneOf(word)}`}>
      <span aria-hidden="true">{glyphOf(word)}</span> {word}
    </span>
  );
}

/** The cells beside this one: another part of the stack, another machine. */
function Neighbours({ plan, cell, onCell }: PanelProps) {
  const [, machine, driver, fs, option] = /^(.+)\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(cell) ?? [];
  const machines = plan.machines.map(({ id, name, arch }) => ({
    value: id,
    label: name,
    group: arch,
  }));
  if (driver === undefined || fs === undefined || option === undefined) {
    return (
      <div class="bar">
        <Picker label="CPU" value={cell} choices={machines} onChoose={onCell} />
      </div>
    );
  }
  const go = (wanted: {
    readonly driver: string;
    readonly fs?: string;
    readonly option?: string;
  }) => {
    const own = plan.places.filter((place) => place.driver === wanted.driver);
    const ranked = own.map((place) => ({
      place,
      fits:
        (place.fs === (wanted.fs ?? fs) ? 2 : 0) +
        (place.option === (wanted.option ?? option) ? 1 : 0),
    }));
    const best = ranked.toSorted((a, b) => b.fits - a.fits)[0]?.place;
    if (best) onCell(`${machine ?? ''}/${best.driver}/${best.fs}/${best.option}`);
  };
  const own = plan.places.filter((place) => place.driver === driver);
  const choices = (ids: readonly string[]) =>
    [...new Set(ids)].map((id) => ({ value: id, label: id }));
  return (
    <div class="bar">
      <Picker
        label="CPU"
        value={machine ?? ''}
        choices={machines}
        onChoose={(id) => onCell(`${id}/${driver}/${fs}/${option}`)}
      />
      <Picker
        label="Driver"
        value={driver}
        choices={choices(plan.drivers.map(({ id }) => id))}
        onChoose={(id) => go({ driver: id })}
      />
      <Picker
        label="File system"
        value={fs}
        choices={choices(own.map((place) => place.fs))}
        onChoose={(id) => go({ driver, fs: id })}
      />
      <Picker
        label="Mount option"
        value={option}
        choices={choices(own.filter((place) => place.fs === fs).map((place) => place.option))}
        onChoose={(id) => go({ driver, option: id })}
      />
    </div>
  );
}

const REST = ['decided', 'linux', 'note'] as const;

function Explained(props: PanelProps & { readonly found: CellAnswer }) {
  const { found } = props;
  const { witness } = found;
  const rest = found.statements.filter(({ topic }) => REST.some((one) => one === topic));
  return (
    <>
      <p>{sentence(found.meaning)}</p>
      {witness?.link === undefined ? null : <WitnessLink link={witness.link} />}
      <Answers found={found} />
      <Statements statements={[...found.subject, ...rest]} />
      <Three found={found} />
      {witness === undefined ? null : (
        <>
          <h3>{sentence(witness.title)}</h3>
          <pre tabIndex={0} aria-label="Steps of the witness">
            {witness.text}
          </pre>
        </>
      )}
      <OtherKernels {...props} />
      <h3>Sources of the machine</h3>
      <ul class="matrix-sources">
        {found.sources.map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
      <p>
        The same on the command line: <code>{found.command}</code>
      </p>
    </>
  );
}

function WitnessLink({ link }: { readonly link: NonNullable<CellWitness['link']> }) {
  const anchor = useRef<HTMLAnchorElement>(null);
  const says = `Step through ${link.scenario} on ${link.machine}`;
  useKeys([{ keys: ['w'], does: 'step through the witness', act: () => anchor.current?.click() }]);
  return (
    <p>
      <a ref={anchor} href={fragmentOf({ view: 'witness', params: link })} aria-keyshortcuts="w">
        {says}
      </a>
    </p>
  );
}

function sentence(text: string): string {
  const end = text === '' || text.endsWith('.') ? '' : '.';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}

/** What every kernel says of this cell, and beside it the nearest older one that differs. */
function OtherKernels({
  plan,
  cell,
  kernel,
  words,
  found,
  onKernel,
}: PanelProps & {
  readonly found: CellAnswer;
}) {
  const ids = plan.kernels.map(({ id }) => id);
  const older = ids.slice(0, Math.max(0, ids.indexOf(kernel))).toReversed();
  const other = older.find((id) => words.has(id) && words.get(id) !== found.word);
  const asked = useAnswer(
    'matrix-cell',
    other === undefined ? undefined : { cell, kernel: other },
    LANE,
  );
  const isHere = other !== undefined && asked.state === 'here' && !asked.stale;
  const beside = isHere ? asked.answer.found : undefined;
  const own = new Set(found.statements.map(({ topic, text }) => `${topic} ${text}`));
  const differs = beside?.statements.filter(({ topic, text }) => !own.has(`${topic} ${text}`));
  return (
    <>
      <h3>Under every kernel</h3>
      <ul class="matrix-strip">
        {ids.map((id) => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={id === kernel}
              onClick={() => onKernel(id)}
              class={`matrix-${toneOf(words.get(id) ?? '')}`}
            >
              {id} <strong>{words.get(id) ?? '...'}</strong>
            </button>
          </li>
        ))}
      </ul>
      {beside === undefined || differs === undefined ? null : (
        <>
          <h3>
            Otherwise under {beside.kernel}: {beside.word}
          </h3>
          <Statements statements={differs} />
        </>
      )}
    </>
  );
}
