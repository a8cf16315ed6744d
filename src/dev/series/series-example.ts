import { partialRepository } from '../kernels/kernel-repository.js';
import { commitSeries, type PatchPlan } from './commit-drafts.js';
import {
  addRevocable,
  makeOptional,
  markRdma,
  renameCallback,
  renameNotify,
  renameNotifyButXe,
  writeDown,
} from './series-core.js';
import {
  addExporter,
  addExporterUnchecked,
  addImporter,
  addImporterLeaky,
  addImporterUnlocked,
  addOldNameUser,
  askInExporter,
  mendImporter,
} from './series-drivers.js';

/** The correct series, and variants with one mistake each. All start from the kernel itself. */
const series = {
  /** Renames, lets importers mark themselves, and only then lets an exporter revoke. */
  clean: [renameCallback, renameNotify, makeOptional, markRdma, addRevocable, addExporter, addImporter, writeDown],
  /** Patch 5 revokes before patch 6 marks the importer whose callback does nothing: a check cannot see it yet. */
  'order-wrong': [
    renameCallback,
    renameNotify,
    makeOptional,
    addRevocable,
    addExporter,
    markRdma,
    addImporter,
    writeDown,
  ],
  /** Patch 5 revokes without a check; patch 7 adds the check. */
  'order-unchecked': [
    renameCallback,
    renameNotify,
    makeOptional,
    markRdma,
    addExporterUnchecked,
    addRevocable,
    askInExporter,
    addImporter,
    writeDown,
  ],
  /** Patch 2 forgets a user of the old name. */
  leftover: [
    renameCallback,
    renameNotifyButXe,
    makeOptional,
    markRdma,
    addRevocable,
    addExporter,
    addImporter,
    writeDown,
  ],
  /** Patch 3 leaks a pin, patch 5 fixes it. */
  'leak-3-5': [
    renameCallback,
    renameNotify,
    addImporterLeaky,
    makeOptional,
    mendImporter,
    markRdma,
    addRevocable,
    addExporter,
    writeDown,
  ],
  /** Patch 7 pins without the reservation lock. */
  'lock-forgotten': [
    renameCallback,
    renameNotify,
    makeOptional,
    markRdma,
    addRevocable,
    addExporter,
    addImporterUnlocked,
    writeDown,
  ],
  /** Another tree's series, right on its own: a new user of the name that \`clean\` takes away. */
  merge: [addOldNameUser],
} satisfies Readonly<Record<string, readonly PatchPlan[]>>;

export type SeriesName = keyof typeof series;

export const seriesNames = Object.keys(series) as readonly SeriesName[];

/** The part of linux 6.12 on which each of the series is judged as on the whole: what they touch, with its modules. */
const touched: readonly string[] = [
  ...['Makefile', 'MAINTAINERS', 'include', 'arch/x86/include', 'scripts', 'README', 'COPYING'],
  ...['Documentation/driver-api', 'Documentation/userspace-api/ioctl', 'Documentation/process'],
  ...['drivers/dma-buf', 'drivers/misc', 'drivers/infiniband/core', 'drivers/infiniband/hw/mlx5'],
  ...['drivers/gpu/drm/xe', 'drivers/gpu/drm/amd/amdgpu'],
];

/** Makes a repository of linux 6.12, cut down to what the series touch. @param folder where it is put */
export function touchedPart(folder: string): Promise<string> {
  return partialRepository('6.12', touched, folder);
}

/** The branch of a series in a repository. */
export function branchOf(name: SeriesName): string {
  return `series/${name}`;
}

/**
 * Commits a series on its branch, `series/<name>`, which is not checked out.
 *
 * @param repository a copy of kernelRepository('6.12'), or `touchedPart()`
 * @returns the ids of its commits, which are the same every time
 */
export function buildSeries(repository: string, name: SeriesName): Promise<readonly string[]> {
  return commitSeries(repository, branchOf(name), series[name]);
}

/** Commits the series that is right, and gives its branch. */
export async function buildCleanSeries(repository: string): Promise<string> {
  await buildSeries(repository, 'clean');
  return branchOf('clean');
}
