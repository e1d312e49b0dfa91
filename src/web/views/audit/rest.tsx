// What an audit says beside its findings: what was not checked, what is exempt, what a baseline
// hides, and which parts of the file are not shown here.

import type { AuditFile, AuditRun } from '../../../forms/index.ts';
import { placeText } from './filters.ts';
import { counted } from './words.ts';

/** More entries of one list than these are counted, not shown. */
const MOST = 500;

/** All of it, each part on demand. */
export function Rest({ run, file }: { readonly run: AuditRun; readonly file: AuditFile }) {
  const { notChecked, exempt, baseline } = run;
  return (
    <section aria-labelledby="audit-rest">
      <h2 id="audit-rest">Besides</h2>
      <Part
        title={`${counted(notChecked.length, 'place')} not checked`}
        lines={notChecked.map(({ place, subject, why }) => {
          return { at: placeText(place), text: `${subject}: ${why}` };
        })}
      />
      <Part
        title={`${counted(exempt.length, 'call')} exempt`}
        lines={exempt.map((one) => {
          const at = `${one.file}:${one.line}`;
          return { at, text: `${one.acquire}() in ${one.function}(): ${one.why}` };
        })}
      />
      {baseline === undefined ? null : (
        <Part
          title={
            `${counted(baseline.known, 'finding')} known by ${baseline.file} and hidden, ` +
            `${baseline.stale.length} no longer found`
          }
          lines={baseline.stale.map(({ file: at, type, message }) => {
            return { at, text: `no longer found: ${message} [${type}]` };
          })}
        />
      )}
      <Part
        title={`${counted(file.notShown.length, 'part')} of the file not shown`}
        lines={file.notShown.map(({ where, why }) => ({ at: where, text: why }))}
      />
    </section>
  );
}

interface PartProps {
  readonly title: string;
  readonly lines: readonly { readonly at: string; readonly text: string }[];
}

function Part({ title, lines }: PartProps) {
  if (lines.length === 0) return <p class="quiet">{title}</p>;
  return (
    <details>
      <summary>{title}</summary>
      <ul class="audit-lines">
        {lines.slice(0, MOST).map(({ at, text }, i) => (
          <li key={i}>
            <span class="mono">{at}</span> {text}
          </li>
        ))}
      </ul>
      {lines.length > MOST ? <p>and {lines.length - MOST} more</p> : null}
    </details>
  );
}
