import { commitSeries, type PatchPlan } from './commit-drafts.js';

/** What each patch takes away from a driver of Linux 6.12: the file, and the first line that is like this. */
const removals: readonly (readonly [path: string, line: string])[] = [
  ['drivers/misc/fastrpc.c', '\tdma_buf_put(map->buf);\n'],
  ['drivers/xen/gntdev-dmabuf.c', '\tdma_buf_detach(dma_buf, attach);\n'],
];

/**
 * Makes a branch in which each patch breaks one driver, and changes nothing that another driver can see.
 * @param repository from kernelRepository, or a copy of it
 * @param branch is made, or moved
 */
export async function commitBroken(repository: string, branch: string): Promise<void> {
  await commitSeries(
    repository,
    branch,
    removals.map(
      ([path, line]): PatchPlan => ({
        subject: `${path.replace(/^.*\//, '').replace(/\.c$/, '')}: release less`,
        body: 'Leave out what was there before.',
        edit: (draft) => draft.write(path, draft.read(path).replace(`\n${line}`, '\n')),
      }),
    ),
  );
}
