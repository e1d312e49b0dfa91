// What is shown, and on what: the choices above the drawing.

import type { Link } from '../../link/index.ts';
import { type Choice, Picker, useAnswer } from '../../ui/index.ts';
import type { Go } from '../../views.ts';
import type { ChoicesAnswer, RunTold } from './asks.ts';
import { wantedOf, withParams } from './subject.ts';

const NOTHING = {};

/** Pickers of test or scenario, machine, kernel and remedy. */
export function Pickers(props: {
  readonly link: Link;
  readonly go: Go;
  /** What was taken, where the link leaves it open. */
  readonly told: RunTold | undefined;
}) {
  const { link, go, told } = props;
  const choices = useAnswer('witness-choices', NOTHING);
  if (choices.state !== 'here') return <p aria-busy="true">Loading the choices ...</p>;
  const { answer } = choices;
  const wanted = wantedOf(link);
  // Steps and their number belong to the run that was shown.
  const choose = (change: Readonly<Record<string, string | undefined>>): void =>
    go(withParams(link, { ...change, replay: undefined, step: undefined }));
  const subject = 'name' in wanted ? `${wanted.kind}:${wanted.name}` : 'own:';
  const onSubject = (value: string): void => {
    const [kind, name] = value.split(':');
    const one = { test: undefined, scenario: undefined, text: undefined, plain: undefined };
    // Machine and kernel stay: whoever has chosen one wants to see the next test there.
    choose({ ...one, [kind ?? '']: name });
  };
  return (
    <div class="bar witness-pickers">
      <Picker
        label="Test or scenario"
        value={subject}
        choices={subjectChoices(answer, subject)}
        onChoose={onSubject}
      />
      <Picker
        label="Machine or kind of cache"
        value={link.params['machine'] ?? told?.setting.machine ?? ''}
        choices={machineChoices(answer)}
        onChoose={(machine) => choose({ machine })}
      />
      {told?.asksKernel === true ? (
        <Picker
          label="Kernel"
          value={link.params['kernel'] ?? told.setting.kernel ?? ''}
          choices={answer.kernels.map((id) => ({ value: id, label: id }))}
          onChoose={(kernel) => choose({ kernel })}
        />
      ) : null}
      <Picker
        label="Remedy"
        value={link.params['remedy'] ?? told?.setting.remedy ?? 'none'}
        choices={answer.remedies.map(({ name, title }) => ({
          value: name,
          label: name === title ? name : `${name}: ${title}`,
        }))}
        onChoose={(remedy) => choose({ remedy })}
      />
    </div>
  );
}

function subjectChoices({ scenarios, shelves }: ChoicesAnswer, now: string): readonly Choice[] {
  return [
    ...(now === 'own:' ? [{ value: now, label: 'a test of your own' }] : []),
    ...scenarios.map(({ name, title }) => ({
      value: `scenario:${name}`,
      label: `${name}: ${title}`,
      group: 'Scenarios',
    })),
    ...shelves.flatMap((shelf) =>
      shelf.tests.map((name) => ({
        value: `test:${name}`,
        label: name,
        group: `Tests: ${shelf.name}`,
      })),
    ),
  ];
}

function machineChoices({ machines, kinds }: ChoicesAnswer): readonly Choice[] {
  return [
    ...machines.map(({ id, name, arch }) => ({ value: id, label: `${id}: ${name}`, group: arch })),
    ...kinds.map((id) => ({ value: id, label: id, group: 'kinds of cache' })),
  ];
}
