import { decodeSource } from '../../tree/decode.js';
import { overlayTree } from '../../tree/overlay.js';
import type { SourceTree } from '../../tree/tree.js';
import { readBlobs } from '../blobs.js';
import { isFile, type Repository, treeChanges, treeOf } from '../repository.js';

/** A part of a revision. */
export interface RevisionPart {
  readonly commit: string;
  readonly tree: SourceTree;
  isPart(path: string): boolean;
}

/** A revision in which more files of the part differ is another kernel. */
const mostChanges = 1000;

/**
 * The same part of another revision. Only what differs is read.
 * @returns null where too much differs, or git does not have a file
 */
export async function partAt(repository: Repository, part: RevisionPart, commit: string): Promise<SourceTree | null> {
  if (commit === part.commit) return part.tree;
  const trees = [await treeOf(repository, part.commit), await treeOf(repository, commit)] as const;
  const [changes = []] = await treeChanges(repository, [trees]);
  const texts = new Map<string, string | null>();
  const wanted = changes.flatMap(({ path, oldPath, after }) => {
    if (oldPath !== null && part.isPart(oldPath)) texts.set(oldPath, null);
    if (!part.isPart(path)) return [];
    texts.set(path, null);
    return after && isFile(after) ? [{ path, blob: after.blob }] : [];
  });
  if (texts.size > mostChanges) return null;
  let isWhole = true;
  await readBlobs(wanted, repository.git, ({ path }, bytes) => {
    if (typeof bytes === 'string') isWhole = false;
    else texts.set(path, decodeSource(bytes));
  });
  return isWhole ? overlayTree(part.tree, texts) : null;
}
