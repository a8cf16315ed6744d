import { exporters } from './readings-exporters.js';
import { importers } from './readings-importers.js';

/**
 * What we read in the source of the kernels, by eye and apart from what this tool says of them: the yardstick of the
 * kernel tests, and the tables in docs-out. Names and short facts only; no line numbers, which move from one stable
 * release to the next.
 */
export interface SeriesReading {
  /** The kernel series, as its Debian package is called: `6.12`. */
  readonly series: string;
  readonly importers: readonly ImporterReading[];
  readonly exporters: readonly ExporterReading[];
}

/** One `struct dma_buf_attach_ops`. Where several values can be defended, all are given, the one we would choose first. */
export interface ImporterReading {
  readonly ops: string;
  readonly file: string;
  /** The driver, as people call it. */
  readonly driver: string;
  readonly allowPeer2peer: boolean;
  readonly callback: string | null;
  readonly kinds: readonly ('absent' | 'stub' | 'unmaps' | 'blocks-access' | 'opaque')[];
  /** How we know: the way from the callback to what it does. */
  readonly path: readonly string[];
  readonly pins: readonly ('always' | 'sometimes' | 'never')[];
  /** `file function()` of each pin; none need be known where `never` can be defended. */
  readonly pinSites: readonly Site[];
  readonly attachSite: Site;
  readonly usedBy: readonly User[];
  readonly status: readonly (
    | 'revocable'
    | 'declared-non-revocable'
    | 'undeclared-non-revocable'
    | 'unsafe'
    | 'unknown'
  )[];
  readonly note: string | null;
}

/** One `struct dma_buf_ops` that pins, invalidates, or is easily misread. */
export interface ExporterReading {
  readonly ops: string;
  readonly file: string;
  readonly driver: string;
  readonly pin: string | null;
  readonly pinPolicy: 'none' | 'accepts' | 'refuses-all' | 'refuses-non-revocable';
  readonly requiresPeer2peer: boolean;
  /** Where it calls the notify function. */
  readonly invalidates: readonly Site[];
  readonly revokes: boolean;
  readonly rejectsNonRevocable: readonly boolean[];
  readonly waitsForFences: readonly (boolean | null)[];
  readonly waitsForUnmap: readonly (boolean | null)[];
  readonly note: string | null;
}

/** A function, by name and file. */
export interface Site {
  readonly file: string;
  readonly function: string;
}

/** A driver that reaches an importer's ops through exported helpers, and the functions in which it does. */
export interface User {
  readonly driver: string;
  readonly sites: readonly Site[];
}

/** The series that were read, oldest first. */
const seriesRead = ['6.1', '6.12', '7.2', '7.3'] as const;
export type Series = (typeof seriesRead)[number];

/** All readings, oldest series first. */
export const readings: readonly SeriesReading[] = seriesRead.map((series) => ({
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
