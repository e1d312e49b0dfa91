// The types whose findings are paths: what a function of C does with an object that it got, on one
// way through it. The objects are those of a protocol; the examples speak of the dax_device.

import type { FindingTypeInfo } from './finding.ts';

const KEPT: readonly FindingTypeInfo[] = [
  {
    type: 'LEAK',
    title: 'An object is not given back',
    level: 'warning',
    meaning:
      'On a path that ends in an error, or on which the last reference to it is lost, nobody ' +
      'gives back an object that the function acquired. No finding where the object was stored ' +
      'for good, handed on, returned, or is given back at the end of its scope (__free(), devm).',
    fires: 'alloc_dax(), then another step that fails, and a return without kill_dax()/put_dax()',
    silent: 'the same step before alloc_dax(), or a jump to the label that gives it back',
  },
  {
    type: 'NOT_UNREGISTERED',
    title: 'A registered object is released or lost while it is registered',
    level: 'error',
    meaning:
      'What was registered (dax_add_host(), device_add_disk()) must be unregistered before the ' +
      'object goes: until then others find it by its name, and use memory that is freed.',
    fires: 'dax_add_host(), then an error and kill_dax()/put_dax() without dax_remove_host()',
    silent: 'dax_remove_host() first; or an error of dax_add_host() itself: nothing is registered',
  },
  {
    type: 'STORED_TOO_LATE',
    title: 'A field is read before it is set',
    level: 'warning',
    meaning:
      'A clean-up, or code that may run as soon as the object is registered, works on a field ' +
      'that the function sets only later: it finds NULL, and does nothing or goes wrong.',
    fires: 'a clean-up of p->dax_dev on a path that fails before p->dax_dev is set',
    silent: 'the field set right after alloc_dax(); or a clean-up of the local variable',
  },
  {
    type: 'RELEASE_ORDER',
    title: 'Releases stand in an order that the protocol forbids',
    level: 'warning',
    meaning:
      'dax_remove_host(), kill_dax(), put_dax(): the name goes first, then no new user gets in, ' +
      'then the reference is dropped, after which the object may be gone.',
    fires: 'put_dax() before kill_dax(), or kill_dax() before dax_remove_host()',
    silent: 'the releases in that order, some of them left out where there is nothing to release',
  },
  {
    type: 'DOUBLE_RELEASE',
    title: 'An object is released twice on one path',
    level: 'error',
    meaning:
      'The second release works on memory that is freed, or drops a reference of somebody else. ' +
      'A release function that the protocol allows twice does not count, nor does one that the ' +
      'field does not reach any more, because it was set to NULL.',
    fires: 'put_dax() in the branch that fails, and again at the label it jumps to',
    silent: 'the branch jumps to a label behind the release, or clears the pointer',
  },
];

const CHECKED: readonly FindingTypeInfo[] = [
  {
    type: 'ERROR_AS_OBJECT',
    title: 'An error pointer or NULL is taken for an object',
    level: 'error',
    meaning:
      'The result of a function that may fail is used, stored for good, or handed to a function ' +
      'that takes a valid object only, on a path on which it may be an error pointer or NULL.',
    fires: 'set_dax_nocache() of the result of alloc_dax(), with no IS_ERR() before it',
    silent: 'the same call behind a test of the right kind',
  },
  {
    type: 'WRONG_CHECK',
    title: 'A result is checked for the wrong kind of failure',
    level: 'error',
    meaning:
      'NULL is tested where the function returns error pointers, or IS_ERR() where it returns ' +
      'NULL: the test never holds, and the failure goes on as an object. Functions whose ' +
      'failures are of both kinds must be asked for both.',
    fires: 'if (!dax_dev) after alloc_dax(); if (IS_ERR(disk)) of a function that returns NULL',
    silent: 'IS_ERR() of the first, a test for NULL of the second, or IS_ERR_OR_NULL()',
  },
  {
    type: 'UNCHECKED_DEREFERENCE',
    title: 'A result that may be an error pointer is dereferenced unchecked',
    level: 'error',
    meaning:
      'Found over the whole tree (--errptr): a function returns ERR_PTR() on some path, and a ' +
      'caller reads or writes through its result on a path without a check. Callers that cannot ' +
      'meet the failing path because of their arguments may be named too.',
    fires: 'box = make_box(dev); box->size = 1; where make_box() may return ERR_PTR(-ENOMEM)',
    silent: 'a check by IS_ERR() between the two, also in a function that the caller calls',
  },
  {
    type: 'RELEASE_OF_ERROR',
    title: 'NULL or an error pointer is released',
    level: 'error',
    meaning:
      'A release function that does not accept it gets NULL or an error pointer, mostly because ' +
      'an acquisition failed and the function jumps to a label that is one too early. ' +
      'kill_dax() and put_dax() accept NULL, but no error pointer.',
    fires: 'if (IS_ERR(dax_dev)) goto out_kill, where kill_dax(dax_dev) stands behind the label',
    silent: 'the pointer set to NULL before the jump; or a jump behind the release',
  },
];

const ATTACHED: readonly FindingTypeInfo[] = [
  {
    type: 'SURVIVABLE_ERROR_FATAL',
    title: 'An error that must be survived makes the attach fail',
    level: 'error',
    meaning:
      'The protocol names errors that say "not here" and no more: alloc_dax() gives -EOPNOTSUPP ' +
      'where the data cache aliases or DAX is not built. The device must then come up without ' +
      'DAX; here the attach fails with it.',
    fires: 'if (IS_ERR(dax_dev)) return PTR_ERR(dax_dev); for every error',
    silent: 'the error compared with -EOPNOTSUPP, and the attach goes on with NULL',
  },
  {
    type: 'FATAL_ERROR_SURVIVED',
    title: 'An error that is not survivable is swallowed',
    level: 'warning',
    meaning:
      'An error other than those that the protocol lets a caller survive does not reach the ' +
      'caller of the attach: the device comes up as if it had worked, without DAX and silently.',
    fires: 'if (IS_ERR(dax_dev)) dax_dev = NULL; for every error, -ENOMEM too',
    silent: 'only -EOPNOTSUPP passes; every other error is returned',
  },
  {
    type: 'FEATURE_WITHOUT_OBJECT',
    title: 'A feature is announced without the object behind it',
    level: 'warning',
    meaning:
      'A feature flag (BLK_FEAT_DAX, QUEUE_FLAG_DAX) is set on a path where the attach succeeds ' +
      'without the object that the flag promises.',
    fires: 'the flag set before alloc_dax(), whose -EOPNOTSUPP then passes',
    silent: 'the flag set only where alloc_dax() gave an object',
  },
  {
    type: 'NULL_FIELD_USED',
    title: 'A field that may stay NULL is used as an object',
    level: 'error',
    meaning:
      'A successful attach may leave a field NULL (-EOPNOTSUPP survived); another function of ' +
      'the driver hands the field, without a test, to a function that takes no NULL. Where the ' +
      'configuration excludes it, the finding is latent, and says why.',
    fires: 'a sysfs attribute that calls dax_write_cache(p->dax_dev, ...) unconditionally',
    silent: 'a test of p->dax_dev before the call; or kill_dax(), which accepts NULL',
  },
];

/** Types of paths: what is kept or lost, what is checked, and what an attach makes of it. */
export const pathTypes: readonly FindingTypeInfo[] = [...KEPT, ...CHECKED, ...ATTACHED];
