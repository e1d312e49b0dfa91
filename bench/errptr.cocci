// The question of `dachs audit --errptr` as a semantic patch: what a function of the same file may
// return an error pointer for is dereferenced without a test of it. spatch looks at one file at a
// time; functions of other files are out of its reach.

@returns@
identifier f;
@@
f(...)
{
<+...
return ERR_PTR(...);
...+>
}

@use@
identifier returns.f;
expression p;
identifier x;
position at;
@@
p = f(...)
... when != IS_ERR(p)
    when != IS_ERR_OR_NULL(p)
    when != PTR_ERR_OR_ZERO(p)
    when != p = ...
    when != f(...)
    when any
* p@at->x
