// What a Kconfig allows, as JSON.

import { type ArchAnswer, type Buildability, countQuestions, formatWant } from '../audit/index.ts';
import { form } from './records.ts';

/** The answers of all architectures asked, each with its fragment or its reason. */
export function buildabilityRecord({ tree, release, profile, wants, answers }: Buildability) {
  return form('kconfig', {
    tree,
    release,
    profile,
    wants: wants.map(formatWant),
    answers: answers.map(answerRecord),
  });
}

function answerRecord({ arch, answer, known, assumptions }: ArchAnswer) {
  const undecided = answer.kind === 'bound' || answer.kind === 'not-checked';
  return {
    arch,
    answer: answer.kind === 'yes' || answer.kind === 'no' ? answer.kind : 'not checked',
    known,
    fragment: answer.kind === 'yes' ? answer.fragment : null,
    reason: answer.kind === 'no' ? answer.reason : null,
    minimal: answer.kind === 'no' ? answer.minimal : null,
    because: undecided ? answer.because : answer.kind === 'unread' ? answer.problem.what : null,
    questions: countQuestions(assumptions),
  };
}
