// A litmus test of three lines and three threads with a few million states: too large to be
// answered at once, and of a size where reductions and workers count.

/** The text of the test; `exists` asks for an outcome that can be reached. */
export const largeTest = `DAX Large

(*
 * Result: Sometimes
 *)

{
	page x = 0;
	page y = 0;
	page z = 0;
	int *kx = linear(x);
	int *ux = user(x, colour 1);
	int *ky = linear(y);
	int *uy = user(y, colour 1);
	int *kz = linear(z);
	int *uz = user(z, colour 1);
}

P0(int *kx, int *ky, int *kz)
{
	int a;

	WRITE_ONCE(*kx, 1);
	WRITE_ONCE(*ky, 1);
	WRITE_ONCE(*kz, 1);
	WRITE_ONCE(*kx, 2);
	a = READ_ONCE(*ky);
}

P1(int *uy, int *uz)
{
	int a, b;

	a = READ_ONCE(*uz);
	b = READ_ONCE(*uy);
	WRITE_ONCE(*uz, 2);
	WRITE_ONCE(*uy, 2);
}

P2(int *ux, int *uy, int *kx, int *kz)
{
	int a, b;

	WRITE_ONCE(*ux, 3);
	a = READ_ONCE(*kz);
	WRITE_ONCE(*uy, 3);
	b = READ_ONCE(*kx);
}

exists (0:a=1 /\\ 1:a=0 /\\ 1:b=1 /\\ 2:a=2)
`;

/** Its distinct states on a cache that aliases, without reductions. */
export const largeStates = 3_251_625;
