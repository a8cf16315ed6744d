import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { git } from '../examples/user-git.js';
import { ownGit, partialRepository } from '../kernels/kernel-repository.js';
import { commitSeries } from '../series/commit-drafts.js';
import { addPhys, addPrefix, addTypes, dropOldNames } from './kernel-mapping-core.js';
import {
  convertDynamic,
  convertStatic,
  convertStaticTooEarly,
  importers,
  offerBoth,
  offerList,
  offerUnwanted,
  prefixConverted,
  prefixOthers,
} from './kernel-mapping-drivers.js';

/**
 * The part of a kernel on which the series is judged: the core, what it converts, and users of each kind of the names. qaic maps
 * without the lock, and armada's map_dma_buf returns NULL: what is said of them must be the same in all ten trees.
 */
const part: readonly string[] = [
  ...['Makefile', 'include/linux', 'include/drm', 'include/media', 'include/rdma'],
  ...['drivers/dma-buf', 'drivers/gpu/drm/virtio', 'drivers/infiniband/core', 'drivers/iio/industrialio-buffer.c'],
  ...['drivers/accel/qaic', 'drivers/gpu/drm/armada/armada_gem.c'],
  ...['drivers/gpu/drm/drm_gem.c', 'drivers/gpu/drm/drm_gem_shmem_helper.c', 'drivers/gpu/drm/drm_prime.c'],
  ...['drivers/media/common/videobuf2', 'drivers/misc/fastrpc.c', 'drivers/vfio/pci/vfio_pci_dmabuf.c'],
  ...[
    'drivers/xen/gntdev.c',
    'drivers/xen/gntdev-common.h',
    'drivers/xen/gntdev-dmabuf.c',
    'drivers/xen/gntdev-dmabuf.h',
  ],
];

/** Makes a repository of that part of the newest Linux 7. @param folder where it is put */
export function mappingPart(folder: string): Promise<string> {
  return partialRepository('7.x', part, folder);
}

/** The file that the wrong series forgets when it renames. */
export const forgotten = 'drivers/xen/gntdev-dmabuf.c';

/**
 * Commits the series of ten patches on its branch: mapping types come to a real kernel, a second type, two exporters and two
 * importers are converted, and map and unmap get a prefix, by wrappers for a while.
 * @param repository of a kernel that has dma_buf_invalidate_mappings(), with `main` as its base
 * @param isRight whether it is without the three mistakes: at patch 4 an exporter has no type in common with anybody, at patch
 * 5 another takes a type away before all importers are converted, at patch 10 a file has the old names still
 * @returns the name of the branch
 */
export async function commitMappingSeries(repository: string, isRight: boolean): Promise<string> {
  const branch = isRight ? 'mapping-types' : 'mapping-types-wrong';
  const users = (await usersOf(repository)).filter((path) => isRight || path !== forgotten);
  await commitSeries(repository, branch, [
    addTypes,
    addPhys,
    offerBoth,
    isRight ? offerList : offerUnwanted,
    isRight ? convertStatic : convertStaticTooEarly,
    convertDynamic,
    addPrefix,
    prefixConverted,
    prefixOthers(users),
    dropOldNames,
  ]);
  return branch;
}

/** The files with an old name, but for the core and what is converted before. */
async function usersOf(repository: string): Promise<readonly string[]> {
  const pattern = 'dma_buf_(un)?map_attachment(_unlocked)?';
  const found = await git(['grep', '--files-with-matches', '--word-regexp', '-E', '-e', pattern, 'main'], {
    cwd: repository,
    env: ownGit,
  });
  const done: readonly string[] = [dmaBufCore, dmaBufHeader, ...Object.values(importers)];
  return found
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.slice('main:'.length))
    .filter((path) => !done.includes(path));
}
