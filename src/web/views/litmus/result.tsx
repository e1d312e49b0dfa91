// Verdicts side by side: a row for each system, under the outcome that it shares with others.

import { CopyButton, Problems } from '../../ui/index.ts';
import { fragmentOf, type Link } from '../../link/index.ts';
import type { RunAsk, RunGroup, RunReply, RunSetting, RunSystem, RunTold } from './asks.ts';
import { numbered } from './use-run.ts';

/** What is shown, and of what. */
export interface ResultProps {
  readonly reply: RunReply;
  readonly asked: RunAsk;
  /** Text or choices have changed since. */
  readonly isOld: boolean;
  /** What a link to a witness names beside machine, kernel and remedy: `test` or `text`. */
  readonly source: Readonly<Record<string, string>>;
}

/** The verdicts, or why there are none. */
export function Result({ reply, asked, isOld, source }: ResultProps) {
  if (reply.kind === 'wrong') return isOld ? null : <Problems problems={[reply.problem]} />;
  const { told } = reply;
  return (
    <div class={isOld ? 'litmus-old' : ''}>
      {isOld ? (
        <p class="litmus-notice">
          These verdicts are about an older text or choice; Ctrl+Enter runs the test again.
        </p>
      ) : null}
      <h2 id="litmus-verdicts" tabIndex={-1}>
        {told.name} <code class="litmus-question">{told.question}</code>
      </h2>
      {told.groups.length === 0 ? null : <Verdicts told={told} source={source} />}
      {told.notChecked.map(({ why, settings }) => (
        <p key={why}>
          <b>Not checked</b> ({settings.length}): {why} ({someOf(settings)})
        </p>
      ))}
      {asked.kernel !== '' && asksNoKernel(told) ? (
        <p>
          <b>Note</b> The test asks no kernel: that {asked.kernel} is chosen changes nothing.
        </p>
      ) : null}
      {told.notes.map((note) => (
        <p key={note}>
          <b>Note</b> {note}
        </p>
      ))}
      <h3>As text</h3>
      <div class="litmus-command">
        <code>$ {told.command}</code>
        <CopyButton label="Copy as text" text={() => told.text} shortcut="c" />
      </div>
      <pre tabIndex={0} aria-label="As text" data-testid="text">
        {told.text}
      </pre>
    </div>
  );
}

function asksNoKernel({ groups }: RunTold): boolean {
  const settings = groups.flatMap(({ systems }) => systems.flatMap((one) => one.settings));
  return settings.length > 0 && settings.every(({ kernel }) => kernel === undefined);
}

/** The verdicts in one line, for beside the button that asked for them. */
export function Summary({ reply, source }: Pick<ResultProps, 'reply' | 'source'>) {
  if (reply.kind === 'wrong') return <span class="litmus-bad">{'\u2717'} not run</span>;
  const { groups, notChecked } = reply.told;
  const settings = groups.flatMap(({ systems }) => systems.flatMap((one) => one.settings));
  const wrong = settings.filter(({ asClaimed }) => !asClaimed).length;
  const left = notChecked.reduce((sum, one) => sum + one.settings.length, 0);
  return (
    <>
      {groups.map(({ observation, systems }, i) => (
        <span key={i}>
          <Word observation={observation} /> on{' '}
          {systems.reduce((sum, one) => sum + one.settings.length, 0)}
        </span>
      ))}
      {left > 0 ? <span>{left} not checked</span> : null}
      {wrong > 0 ? (
        <span class="litmus-bad">
          {'\u2717'} {wrong} not as its Result says
        </span>
      ) : settings.some(({ claimed }) => claimed !== undefined) ? (
        <span class="litmus-good">{'\u2713'} as its Result says</span>
      ) : null}
      <FirstWitness groups={groups} source={source} />
    </>
  );
}

/** Leads to the first machine that shows the outcome. */
function FirstWitness({ groups, source }: Pick<RunTold, 'groups'> & Pick<ResultProps, 'source'>) {
  const there = groups.find(({ observation }) => ['Sometimes', 'Always'].includes(observation));
  const first = there?.systems[0]?.settings[0];
  if (first === undefined) return null;
  return <a href={witnessLink(first, source)}>Witness on {nameOf(first)}</a>;
}

function Verdicts({ told, source }: { told: RunTold; source: ResultProps['source'] }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Verdicts by machine">
      <table class="litmus-verdicts">
        <caption class="visually-hidden">Verdicts, machines that behave alike in one row</caption>
        <thead>
          <tr>
            <th scope="col">Machines that behave alike</th>
            <th scope="col">Cache</th>
            <th scope="col">Expected</th>
            <th scope="col" class="litmus-number">
              States
            </th>
            <th scope="col">Shortest way there</th>
          </tr>
        </thead>
        {told.groups.map((group, i) => (
          <Group key={i} group={group} source={source} />
        ))}
      </table>
    </div>
  );
}

interface GroupProps {
  readonly group: RunGroup;
  readonly source: ResultProps['source'];
}

function Group({ group, source }: GroupProps) {
  const { observation, positive, negative, ends, bound, systems, endless } = group;
  const settings = systems.reduce((sum, one) => sum + one.settings.length, 0);
  return (
    <tbody>
      <tr class="litmus-group">
        <th scope="rowgroup" colSpan={5}>
          <Word observation={observation} />{' '}
          {`${plural(positive, 'end state')} with it, ${negative} without `}
          <span class="quiet">
            {plural(settings, 'setting')}, {plural(systems.length, 'system')}
          </span>
          <span class="litmus-ends">
            {ends.slice(0, MOST_ENDS).map(({ text, mark }) => (
              <code key={text + mark} class={`litmus-end-${mark}`}>
                {MARKS[mark]} {text}
              </code>
            ))}
            {ends.length > MOST_ENDS ? (
              <span class="quiet">and {ends.length - MOST_ENDS} more below</span>
            ) : null}
          </span>
          {endless ? <span> no end state: in no run does every thread end</span> : null}
          {bound === undefined ? null : (
            <span>bound reached: {bound}; whole levels below it were searched</span>
          )}
        </th>
      </tr>
      {systems.map((system, i) => (
        <Row key={i} system={system} observation={observation} isFirst={i === 0} source={source} />
      ))}
    </tbody>
  );
}

/** End states that are listed before the table; all are in the text. */
const MOST_ENDS = 6;

const MARKS = { with: '*', without: '\u00a0', stuck: '!' } as const;

interface RowProps {
  readonly system: RunSystem;
  readonly observation: RunGroup['observation'];
  readonly isFirst: boolean;
  readonly source: ResultProps['source'];
}

function Row({ system, observation, isFirst, source }: RowProps) {
  const { settings, states, cache, witness } = system;
  const [first] = settings;
  return (
    <tr>
      <th scope="row" class="litmus-machines">
        <Machines settings={settings} source={source} />
      </th>
      <td>{cache}</td>
      <td>
        <Claim settings={settings} observation={observation} />
      </td>
      <td class="litmus-number">{numbered(states)}</td>
      <td>
        {witness ? (
          <details open={isFirst}>
            <summary>{plural(witness.length, 'step')}</summary>
            <ol class="litmus-steps">
              {witness.map(({ says, isHardware }, i) => (
                <li key={i}>
                  {isHardware ? '* ' : ''}
                  {says}
                </li>
              ))}
            </ol>
          </details>
        ) : null}
        {first ? (
          <a href={witnessLink(first, source)}>
            {observation === 'Never' ? 'Explain' : 'Witness'}
            <span class="visually-hidden"> on {nameOf(first)}</span>
          </a>
        ) : null}
      </td>
    </tr>
  );
}

/** Machines that are named before `and N more`. */
const NAMED = 4;

function Machines({
  settings,
  source,
}: {
  readonly settings: readonly RunSetting[];
  readonly source: ResultProps['source'];
}) {
  const few = settings.length <= NAMED + 1 ? settings : settings.slice(0, NAMED);
  const rest = settings.slice(few.length);
  return (
    <>
      {few.map((setting, i) => (
        <span key={nameOf(setting)} title={setting.title}>
          {i > 0 ? ', ' : ''}
          <code>{nameOf(setting)}</code>
        </span>
      ))}
      {rest.length === 0 ? null : (
        <details>
          <summary>and {rest.length} more</summary>
          {rest.map((setting, i) => (
            <span key={nameOf(setting)}>
              {i > 0 ? ', ' : ''}
              <a href={witnessLink(setting, source)} title={setting.title}>
                {nameOf(setting)}
              </a>
            </span>
          ))}
        </details>
      )}
    </>
  );
}

/** Whether the `Result:` lines say what was seen, on all of them. */
function Claim({
  settings,
  observation,
}: {
  readonly settings: readonly RunSetting[];
  readonly observation: string;
}) {
  const wrong = settings.filter(({ asClaimed }) => !asClaimed);
  const silent = settings.filter(({ claimed }) => claimed === undefined);
  const [first] = wrong;
  if (first) {
    const on = wrong.length === settings.length ? '' : ` on ${someOf(wrong.map(nameOf))}`;
    return (
      <span class="litmus-bad">
        {'\u2717'} says {first.claimed}
        {on}
      </span>
    );
  }
  if (silent.length === settings.length) return <span class="quiet">says nothing</span>;
  if (observation === 'bound') return <span class="quiet">open</span>;
  return <span class="litmus-good">{'\u2713'} as it says</span>;
}

const GLYPHS = { Never: '\u25cb', Sometimes: '\u25d0', Always: '\u25cf', bound: '?' } as const;

function Word({ observation }: { readonly observation: RunGroup['observation'] }) {
  return (
    <span class={`litmus-word litmus-${observation}`}>
      <span aria-hidden="true">{GLYPHS[observation]}</span>{' '}
      {observation === 'bound' ? 'bound reached' : observation}
    </span>
  );
}

function witnessLink(
  { bed, kernel = '', remedy }: RunSetting,
  source: ResultProps['source'],
): string {
  const own = remedy === 'none' ? '' : remedy;
  const link: Link = {
    view: 'witness',
    params: { ...source, machine: bed, kernel, remedy: own },
  };
  return fragmentOf(link);
}

function nameOf({ bed, kernel, remedy }: RunSetting): string {
  const under = kernel === undefined ? '' : `/${kernel}`;
  return `${bed}${under}${remedy === 'none' ? '' : `+${remedy}`}`;
}

function someOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 1 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function plural(count: number, what: string): string {
  return `${numbered(count)} ${what}${count === 1 ? '' : 's'}`;
}
