// What a Kconfig allows, as JSON.

import { type ArchAnswer, type Buildability, countQuestions, formatWant } from '../audit/index.ts';
import { form } from './records.ts';

/** The answers of all architectures asked, each with its fragment or its reason. */
export function buildabilityRecord(asked: Buildability) {
  const { tree, release, profile } = asked;
  return form('kconfig', { tree, release, profile, ...buildabilityBody(asked) });
}

/** What was wanted, and the answers. */
export function buildabilityBody({ wants, answers }: Buildability) {
  return { wants: wants.map(formatWant), answers: answers.map(answerRecord) };
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
