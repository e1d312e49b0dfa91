// fsync() of ext4: the file's pages or DAX entries, then a commit.
// @source fs/ext4/fsync.c ext4_sync_file() v6.12

import { submit_bio } from '../../block/bio.ts';
import type { File } from '../../include/linux/fs.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import type { Task } from '../../linux.ts';
import type { Op } from '../../steps.ts';
import { commit_inode, commit_sb } from '../image.ts';
import { EXT4_MOUNT_BARRIER } from './mount-flags.ts';
import { EXT4_SB, type Ext4SuperBlock } from './sb.ts';

/** Writes back, and commits: with a journal all metadata, without one the inode's. */
export function* ext4_sync_file(_task: Task, file: File, start: number, end: number): Op<number> {
  const inode = file.f_inode;
  const sb = EXT4_SB(inode.i_sb);
  if (sb.ro) return 0;
  const error = yield* filemap_write_and_wait_range(inode.i_mapping, start, end);
  if (error < 0) return error;
  if (sb.hasJournal) commit_sb(sb);
  else commit_inode(inode);
  return yield* flushDevice(sb);
}

/** The device's own cache is written out, unless `nobarrier` was asked for. */
export function* flushDevice(sb: Ext4SuperBlock): Op<number> {
  if (!sb.test_opt(EXT4_MOUNT_BARRIER)) return 0;
  const { linux, s_bdev } = sb;
  return yield* submit_bio(linux, { op: 'flush', bdev: s_bdev, sector: 0, sectors: 0, vecs: [] });
}
