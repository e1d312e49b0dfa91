// The audit view: a file of dachs audit or SARIF, its findings, and the automata of attach
// functions with the failing path marked. The file is read in the page and goes nowhere.

import { useEffect, useMemo } from 'preact/hooks';
import type { AuditRun } from '../../../forms/index.ts';
import { CopyButton, Fault, Picker, Problems, useKeys } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import { ask } from '../../worker/client.ts';
import { Automaton, isAbout } from './automaton/automaton.tsx';
import { listed, rowsOf } from './filters.ts';
import { FindingDetail } from './finding.tsx';
import { FindingList } from './list.tsx';
import { OpenBar } from './open-bar.tsx';
import { LANE, type Opened, useOpening } from './opening.ts';
import { Rest } from './rest.tsx';
import './style.css';

/** The finding that the example opens with. */
const EXAMPLE_FINDING = 'LEAK@drivers/nvdimm/pmem.c:29:8';

/** The view. */
export default function AuditView({ link, go }: ViewProps) {
  const opening = useOpening(({ isExample, number }) => {
    // The first file may be the one that the link is about; a later one is another.
    const kept = number === 1 ? link.params : {};
    const finding = isExample ? { finding: EXAMPLE_FINDING, ...kept } : kept;
    const params = { ...finding, audit: isExample ? 'example' : '' };
    go({ ...link, params }, { replace: true });
  });
  const { opened, problem, fault, busy } = opening;
  const wantsExample = link.params['audit'] === 'example';
  useEffect(() => {
    if (wantsExample && opened?.isExample !== true) opening.openExample();
  }, [wantsExample]);
  return (
    <>
      <h1>Audit</h1>
      <OpenBar {...opening} />
      {problem === undefined ? null : <Problems problems={[problem]} />}
      {fault === undefined ? null : <Fault message={fault} />}
      {opened === undefined ? (
        <Nothing finding={link.params['finding']} isBusy={busy !== undefined} />
      ) : (
        <OpenedFile opened={opened} link={link} go={go} />
      )}
    </>
  );
}

function Nothing({ finding, isBusy }: { finding: string | undefined; isBusy: boolean }) {
  if (isBusy) return null;
  if (finding !== undefined && finding !== '') {
    return (
      <p class="box">
        This link names the finding <code>{finding}</code>. The audit itself is not in a link: open
        the file that it is in, and the finding is shown.
      </p>
    );
  }
  return (
    <div class="box">
      <p>
        An audit lists what a kernel tree gets wrong about DAX: where it refuses machines that are
        right, lets others through, and loses objects when a step of a driver's attach fails. Here
        its findings are shown with their paths, and the automaton of each attach function with the
        failing path marked.
      </p>
      <p>
        To make one: <code>dachs audit TREE --json -o audit.json</code>
      </p>
    </div>
  );
}

function OpenedFile({ opened, link, go }: ViewProps & { readonly opened: Opened }) {
  const { file, types } = opened.read;
  const { params } = link;
  const wanted = Math.trunc(Number(params['run'] ?? '1')) - 1 || 0;
  const index = Math.min(file.runs.length - 1, Math.max(0, wanted));
  const run = file.runs[index];
  const all = useMemo(() => rowsOf(run?.findings ?? []), [run]);
  const rows = useMemo(() => listed(all, params), [all, params]);
  const chosen = all.find(({ key }) => key === params['finding']);
  useKeys(
    chosen === undefined
      ? []
      : [
          {
            keys: ['Escape'],
            does: 'close the finding',
            act: () => go({ ...link, params: { ...params, finding: '', step: '' } }),
          },
        ],
  );
  if (run === undefined) return <p class="box">The file has no run: there is nothing to show.</p>;
  const name = params['finding'] ?? '';
  const line = chosen?.finding.place?.line;
  const twins = all.filter(
    ({ finding }) =>
      finding.place?.file === chosen?.finding.place?.file && finding.place?.line === line,
  );
  return (
    <>
      <Summary opened={opened} run={run} />
      {file.runs.length > 1 ? (
        <div class="bar">
          <Picker
            label={`Run (${file.runs.length} in the file)`}
            value={String(index + 1)}
            choices={file.runs.map(({ tool, findings }, i) => ({
              value: String(i + 1),
              label: `${i + 1}: ${tool}, ${findings.length} findings`,
            }))}
            onChoose={(to) => go({ ...link, params: { audit: params['audit'] ?? '', run: to } })}
          />
        </div>
      ) : null}
      <FindingList all={all} rows={rows} chosen={chosen?.key} link={link} go={go} />
      {name !== '' && chosen === undefined ? (
        <p role="alert">
          The link names the finding <code>{name}</code>, which this file does not have.
        </p>
      ) : null}
      <div class={chosen === undefined ? '' : 'audit-pair'}>
        {chosen === undefined ? null : (
          <FindingDetail
            key={chosen.key}
            row={chosen}
            type={types.find(({ type }) => type === chosen.finding.type)}
            rule={run.rules.find(({ type }) => type === chosen.finding.type)}
            hasTwins={twins.length > 1}
            isDrawn={run.attach?.drivers.some((one) => isAbout(one, chosen)) === true}
          />
        )}
        {run.attach === undefined ? (
          <NoAutomata form={file.form} />
        ) : (
          <Automaton attach={run.attach} rows={all} chosen={chosen} link={link} go={go} />
        )}
      </div>
      <Rest run={run} file={file} />
    </>
  );
}

const COMMANDS = {
  audit: 'dachs audit TREE --terse -v',
  protocols: 'dachs audit TREE --protocol NAME -v',
  errptr: 'dachs audit TREE --errptr -v',
} as const;

function Summary({ opened, run }: { readonly opened: Opened; readonly run: AuditRun }) {
  const { tool, tree, release, figures, whole } = run;
  const { form } = opened.read.file;
  const counts = figures.map(([what, count]) => `; ${what}: ${count}`).join('');
  const text = async () => (await ask('audit-whole', { run }, { lane: `${LANE} text` })).text;
  return (
    <div class="audit-summary">
      {opened.isExample ? (
        <p>
          <strong>An example: a made-up tree with faults put in, not a release of Linux</strong>
          {counts}
        </p>
      ) : (
        <p>
          <strong>{opened.name}</strong>: {form === 'sarif' ? `SARIF of ${tool}` : `dachs/${form}`}
          {release === undefined ? '' : `, Linux ${release}`}
          {tree === undefined ? null : (
            <>
              {' '}
              in <code>{tree}</code>
            </>
          )}
          {counts}
        </p>
      )}
      <p class="audit-copy">
        {whole === undefined ? (
          <span class="quiet">
            The text of the whole cannot be made from this file: it has not all that the command
            line prints.
          </span>
        ) : (
          <>
            <CopyButton label="Copy all as text" text={text} shortcut="a" />
            <span class="quiet">
              As <code>{COMMANDS[whole.kind]}</code> prints it, whatever is filtered here
              {whole.kind === 'audit' ? '; its answers by port are not in the record as text' : ''}.
            </span>
          </>
        )}
      </p>
      {opened.isExample ? null : (
        <p class="quiet">A link names the finding; whoever opens it must have the file.</p>
      )}
    </div>
  );
}

function NoAutomata({ form }: { readonly form: string }) {
  return (
    <p class="quiet">
      {form === 'sarif'
        ? 'SARIF holds no automata: open the JSON of the same audit to see them.'
        : 'This record holds no automata of attach functions: dachs audit TREE --json has them.'}
    </p>
  );
}
