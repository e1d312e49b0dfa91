// The canonical form: what `dachs fmt` makes of any layout.

import { expect, test } from 'vitest';
import { sample } from '../../test/litmus/sample.ts';
import { formatLitmus } from './index.ts';

function format(text: string): string {
  const formatted = formatLitmus(text, 'f');
  if (!formatted.ok) throw new Error(JSON.stringify(formatted.problems));
  return formatted.text;
}

/** The lines of P0's body. */
function body(text: string): readonly string[] {
  const lines = format(sample({ body: text })).split('\n');
  return lines.slice(lines.indexOf('P0(int *k, int *u, int *flag, spinlock_t *l)') + 4, -4);
}

test('a whole file', () => {
  const text = `/* above */ DAX t // name
"title"
Bound=10
(* about *) { page x=0;page y{a;b[2]={1,2,};};int*k=linear(x,colour 2,unmapped); // why
 device d=virtio-pmem(adr); mount m=ext4(d,dax=always,dax); struct mutex z; cpu P0=1; }
P0(int*k){int r0,r1=1;
 if(r0==1&&(r1)){*k=1;}else{if(r1){r1=2;r0=1;}} } locations[x,0:r0]
filter(not(x=1)) ~exists(P0:r0=-EIO/\\([x]=1\\/y.b[1]=2))`;
  expect(format(text)).toBe(
    `/* above */
DAX t // name
"title"
Bound=10

(* about *)
{
	page x = 0;
	page y { a; b[2] = { 1, 2 }; };
	int *k = linear(x, colour 2, unmapped); // why
	device d = virtio-pmem(adr);
	mount m = ext4(d, dax=always, dax);
	struct mutex z;
	cpu P0 = 1;
}

P0(int *k)
{
	int r0, r1 = 1;

	if (r0 == 1 && r1) {
		*k = 1;
	} else if (r1) {
		r1 = 2;
		r0 = 1;
	}
}

locations [x; 0:r0]
filter (~(x=1))
~exists (0:r0=-EIO /\\ (x=1 \\/ y.b[1]=2))
`.replace(
      'if (r0 == 1 && r1) {\n\t\t*k = 1;\n\t} else if',
      'if (r0 == 1 && r1)\n\t\t*k = 1;\n\telse if',
    ),
  );
});

test('comments keep their places', () => {
  expect(
    body(`/* above */
r0 = 1; // behind

if (r0) // of the branch
	r0 = 2;
/* before else */ else r0 /* inside */ = 3;
// at the end`),
  ).toEqual([
    '\t/* above */',
    '\tr0 = 1; // behind',
    '',
    '\tif (r0) {',
    '\t\t// of the branch',
    '\t\tr0 = 2;',
    '\t} else {',
    '\t\t/* before else */',
    '\t\t/* inside */',
    '\t\tr0 = 3;',
    '\t}',
    '\t// at the end',
  ]);
});

test('parentheses that are needed, and no others', () => {
  expect(body('r0 = ((r0) + (r0 + 1)) == !(r0 || (1 && 2)); r0 = - -1; r0 = !(*k);')).toEqual([
    '\tr0 = r0 + (r0 + 1) == !(r0 || 1 && 2);',
    '\tr0 = -(-1);',
    '\tr0 = !*k;',
  ]);
});

test('an if in an if keeps its else', () => {
  expect(body('if (r0) { if (r0) r0 = 1; } else r0 = 2;')).toEqual([
    '\tif (r0) {',
    '\t\tif (r0)',
    '\t\t\tr0 = 1;',
    '\t} else {',
    '\t\tr0 = 2;',
    '\t}',
  ]);
});

test('only the syntax has to be right', () => {
  expect(formatLitmus(sample({ body: 'nobody(knows, *this);' }), 'f').ok).toBe(true);
  expect(formatLitmus(sample({ body: 'r0 = ;' }), 'f')).toMatchObject({
    ok: false,
    problems: [{ where: 'f:13:6' }],
  });
});

test('a comment behind a body without braces is that of the whole statement', () => {
  const body = 'if (0) { smp_mb(); } // c';
  const once = formatLitmus(sample({ body }), 'f');
  expect(once.ok && once.text).toContain('\tif (0)\n\t\tsmp_mb(); // c\n');
  const braces = formatLitmus(sample({ body: 'if (0) { smp_mb(); /* c */ }' }), 'f');
  expect(braces.ok && braces.text).toContain('\tif (0) {\n\t\tsmp_mb(); /* c */\n\t}\n');
});
