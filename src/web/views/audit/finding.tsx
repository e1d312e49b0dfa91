// One finding, opened: where, what, the path, why, and on which machines.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FindingTypeInfo } from '../../../audit/index.ts';
import type { RuleInfo, ShownFinding, ShownPlace, ShownStep } from '../../../forms/index.ts';
import { fragmentOf } from '../../link/index.ts';
import { CopyButton } from '../../ui/index.ts';
import { ask } from '../../worker/client.ts';
import { Breakable } from './breakable.tsx';
import { placeText, type Row } from './filters.ts';
import { LANE } from './opening.ts';
import { compilerText, LEVELS, REACHES, reachWord } from './words.ts';

/** A finding, and what its type means where that is known. */
export interface FindingProps {
  readonly row: Row;
  readonly type: FindingTypeInfo | undefined;
  readonly rule: RuleInfo | undefined;
  /** Whether the same place has other findings: then the command line prints all of them. */
  readonly hasTwins: boolean;
  /** Whether its path is drawn beside it: then the drawing's numbers are the only ones. */
  readonly isDrawn: boolean;
}

/** All that the file says of one finding. */
export function FindingDetail({ row, type, rule, hasTwins, isDrawn }: FindingProps) {
  const { finding, key } = row;
  const { level, message, place, reach, conditions, suppressed, state } = finding;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, [key]);
  return (
    <section class="audit-finding" aria-labelledby="audit-finding-title">
      <h2 id="audit-finding-title" ref={heading} tabIndex={-1}>
        <span class="mono">{finding.type}</span>{' '}
        <span class={`audit-word audit-${level}`}>
          <span aria-hidden="true">{LEVELS[level].glyph}</span> {level}
        </span>
      </h2>
      <p class="mono audit-at">{placeText(place)}</p>
      <p class="audit-says">{message}</p>
      <dl class="audit-facts">
        {finding.function === undefined ? null : (
          <Fact name="function">
            <code>{finding.function}()</code>
          </Fact>
        )}
        <Fact name="reach">
          {reachWord(reach)}
          {reach === undefined ? null : `: ${REACHES[reach]}`}
        </Fact>
        {conditions.length === 0 ? null : (
          <Fact name="only with">
            <code>{conditions.join(' and ')}</code>
          </Fact>
        )}
        {suppressed === undefined ? null : <Fact name="suppressed">{suppressed}</Fact>}
        {state === undefined ? null : <Fact name="baseline">{state}</Fact>}
      </dl>
      <CopyFinding finding={finding} hasTwins={hasTwins} />
      {finding.paths.map((path, i) => (
        <Path
          key={i}
          path={path}
          number={finding.paths.length > 1 ? i + 1 : undefined}
          file={place?.file}
          isDrawn={isDrawn}
        />
      ))}
      <Machines finding={finding} />
      <Notes notes={finding.notes} />
      <Explanation type={type} rule={rule} />
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function CopyFinding({ finding, hasTwins }: { finding: ShownFinding; hasTwins: boolean }) {
  const { record, place } = finding;
  if (record === undefined) {
    return (
      <p class="audit-copy">
        <CopyButton label="Copy as text" text={() => compilerText(finding)} shortcut="c" />
        <span class="quiet">
          Lines as compilers write them; the command line explains findings of its JSON alone.
        </span>
      </p>
    );
  }
  const text = async () =>
    (await ask('audit-text', { findings: [record] }, { lane: `${LANE} text` })).text;
  const at = place?.line === undefined ? finding.type : `${place.file}:${place.line}`;
  return (
    <p class="audit-copy">
      <CopyButton label="Copy as text" text={text} shortcut="c" />
      <span class="quiet">
        As <code>dachs explain {at} --audit FILE</code> prints it
        {hasTwins ? ', among the other findings of that line' : ''}.
      </span>
    </p>
  );
}

interface PathProps {
  readonly path: readonly ShownStep[];
  readonly number: number | undefined;
  /** File of the finding: steps in it name it in short. */
  readonly file: string | undefined;
  readonly isDrawn: boolean;
}

function Path({ path, number, file, isDrawn }: PathProps) {
  return (
    <>
      <h3>Path{number === undefined ? '' : ` ${number}`}</h3>
      <ol class={isDrawn ? 'audit-path audit-drawn' : 'audit-path'}>
        {path.map(({ place, message }, i) => (
          <li key={i}>
            <span class="audit-step">{message === '' ? 'this line' : message}</span>{' '}
            <At place={place} file={file} />
          </li>
        ))}
      </ol>
    </>
  );
}

/** A place; that of the same file without its folder. */
function At({ place, file }: { place: ShownPlace | undefined; file: string | undefined }) {
  const text = placeText(place);
  return (
    <span class="mono quiet" title={text}>
      <Breakable text={place?.file === file ? text.replace(/^.*\//, '') : text} />
    </span>
  );
}

function Machines({ finding }: { readonly finding: ShownFinding }) {
  const { machines } = finding;
  if (machines.length === 0) return null;
  return (
    <>
      <h3>Machines</h3>
      <ul class="audit-machines">
        {machines.map(({ machine, scenario }) => (
          <li key={machine}>
            <code>{machine}</code>
            {scenario === undefined ? null : (
              <>
                {' '}
                <a href={fragmentOf({ view: 'witness', params: { scenario, machine } })}>
                  see {scenario} go wrong on it
                </a>
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Notes({ notes }: { readonly notes: readonly ShownStep[] }) {
  if (notes.length === 0) return null;
  return (
    <>
      <h3>Why</h3>
      <ul class="audit-notes">
        {notes.map(({ place, message }, i) => (
          <li key={i}>
            {message} {place === undefined ? null : <At place={place} file={undefined} />}
          </li>
        ))}
      </ul>
    </>
  );
}

type ExplanationProps = Pick<FindingProps, 'type' | 'rule'>;

function Explanation({ type, rule }: ExplanationProps) {
  if (type === undefined && rule === undefined) return null;
  return (
    <details class="audit-type-text">
      <summary>What {type?.type ?? rule?.type} means</summary>
      <p>
        <strong>{type?.title ?? rule?.title}</strong>
      </p>
      <p>{type?.meaning ?? rule?.text}</p>
      {type === undefined ? null : (
        <dl class="audit-facts">
          <Fact name="fires">{type.fires}</Fact>
          <Fact name="silent">{type.silent}</Fact>
        </dl>
      )}
      {rule?.link === undefined ? null : (
        <p>
          The tool's page on it: <code>{rule.link}</code>
        </p>
      )}
    </details>
  );
}
