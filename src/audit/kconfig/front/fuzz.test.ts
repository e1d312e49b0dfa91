// Whatever the files and answers are, a run ends with a status of conf's and never throws.

import { expect, test } from 'vitest';
import { runOurs } from '../../../../test/kconfig-front.ts';
import { randomRun } from '../../../../test/kconfig-front-random.ts';

const statements =
  'config A,config B,if A,menu "m",endmenu,choice,endchoice,endif,source "Kconfig",source "b",' +
  'X = $(X),$(info,$(X)),prompt "c",visible if A,nonsense';
const options =
  'bool "p",tristate "t",int "i",depends on A,select B if A,help,  text,modules,default A';
const pieces: readonly string[] = [
  ...statements.split(/,(?!\$)/).map((line) => `${line}\n`),
  ...options.split(',').map((line) => `\t${line}\n`),
  ...'default |range |A|5|=|m| && |;|#|(|!|"|$(X| |\n|\\\n|\0|\xff'.split('|'),
];

function soup(seed: number): string {
  let state = seed;
  const parts = Array.from({ length: 60 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return pieces[(state >> 8) % pieces.length] ?? '';
  });
  return parts.join('');
}

for (const release of ['6.1', '6.12'] as const) {
  test(`any text is an answer of ${release} or an error`, () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const files = { Kconfig: soup(seed), b: soup(seed + 1000), '.config': soup(seed + 2000) };
      const args = [seed % 2 === 0 ? '--oldaskconfig' : '--syncconfig', 'Kconfig'];
      const { status } = runOurs({ args, files, input: soup(seed + 3000) }, release);
      expect([0, 1], `seed ${seed}`).toContain(status);
    }
  });

  test(`a run of ${release} ends whatever is answered`, () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const { given } = randomRun(seed, true);
      for (const input of ['', '?', 'x\n'.repeat(50)]) {
        expect([0, 1], `seed ${seed}`).toContain(runOurs({ ...given, input }, release).status);
      }
    }
  });
}
