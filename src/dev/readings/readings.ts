import { type Series, type SeriesReading, versionsRead } from './reading.js';
import { exporters } from './readings-exporters.js';
import { importers } from './readings-importers.js';

/** All readings, oldest series first. */
export const readings: readonly SeriesReading[] = (Object.keys(versionsRead) as readonly Series[]).map((series) => ({
  series,
  importers: importers[series],
  exporters: exporters[series],
}));

/** The reading of a kernel version: its own, or for a newer kernel the newest of the same major number. */
export function readingOf(version: string): SeriesReading | undefined {
  const major = `${version.split('.')[0]}.`;
  return (
    readings.find(({ series }) => series === version) ??
    readings.filter(({ series }) => series.startsWith(major)).at(-1)
  );
}

/** RDMA drivers that must never be named as users of a dma-buf: all they get is user memory by virtual address. */
export const neverUsers: readonly string[] = [
  'drivers/infiniband/sw/siw/',
  'drivers/infiniband/sw/rxe/',
  'drivers/infiniband/hw/hns/',
];
