// Names: the walk, opening, and everything that makes, moves and removes names.
//   namei-walk.ts    from paths to dentries
//   namei-open.ts    open()
//   namei-create.ts  mkdir, mknod, symlink, link
//   namei-remove.ts  unlink, rmdir
//   namei-rename.ts  rename and exchange
// @source fs/namei.c v6.12

export { fput } from './file_table.ts';
export { sys_link, sys_linkat_fd, sys_mkdir, sys_mknod_fifo, sys_symlink } from './namei-create.ts';
export { do_sys_open } from './namei-open.ts';
export { sys_rmdir, sys_unlink } from './namei-remove.ts';
export { sys_rename } from './namei-rename.ts';
export { path_get, path_lookup, path_put } from './namei-walk.ts';
export { sys_chmod, sys_chown, sys_ftruncate, sys_truncate } from './open.ts';
