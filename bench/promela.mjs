// The models of models.mjs as Promela, by hand as they are, so that SPIN explores the identical
// graph: one process whose every step is atomic, bit fields of the same widths, the same padding.

import { fieldsOf } from './models.mjs';

/**
 * Promela of a model. Every transition of the model is one step of the process.
 * @param {import('./models.mjs').Model} model
 */
export function promelaOf({ program, padBytes = 0 }) {
  const fields = fieldsOf(program, padBytes).map(({ name, widthBits }) =>
    widthBits === 32 ? `int ${name};` : `unsigned ${name} : ${widthBits};`,
  );
  const steps = [...threadSteps(program), ...cacheSteps(program)];
  return `${fields.join('\n')}
active proctype all() {
  do
${steps.map((one) => `  :: d_step { ${one} }`).join('\n')}
  od
}
`;
}

/**
 * @param {import('./models.mjs').Program} program
 * @returns {string[]}
 */
function threadSteps({ threads }) {
  return threads.flatMap((steps, t) =>
    steps.flatMap((step, i) => {
      const here = `pc${t} == ${i}`;
      const next = `pc${t} = ${i + 1}`;
      const memory = `m${step.line}`;
      const state = `s${step.line}_${step.colour}`;
      const value = `v${step.line}_${step.colour}`;
      if (step.kind === 'st') return [`${here} -> ${state} = 2; ${value} = ${step.value}; ${next}`];
      if (step.kind === 'fl') {
        const left = `(${state} == 2 -> ${value} : ${memory})`;
        return [`${here} -> ${memory} = ${left}; ${state} = 0; ${value} = 0; ${next}`];
      }
      const register = `r${t}_${step.register}`;
      const miss = `${register} = ${memory}; ${state} = 1; ${value} = ${memory}`;
      return [
        `${here} && ${state} != 0 -> ${register} = ${value}; ${next}`,
        `${here} && ${state} == 0 -> ${miss}; ${next}`,
      ];
    }),
  );
}

/**
 * @param {import('./models.mjs').Program} program
 * @returns {string[]}
 */
function cacheSteps({ lines }) {
  return Array.from({ length: lines * 2 }, (_, copy) => {
    const memory = `m${copy >> 1}`;
    const state = `s${copy >> 1}_${copy % 2}`;
    const value = `v${copy >> 1}_${copy % 2}`;
    return [
      `${state} == 2 -> ${memory} = ${value}; ${state} = 0; ${value} = 0`,
      `${state} == 1 -> ${state} = 0; ${value} = 0`,
      `${state} == 0 -> ${state} = 1; ${value} = ${memory}`,
    ];
  }).flat();
}
