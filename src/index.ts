import {
  type MatrixOptions,
  type MatrixResult,
  matrixAsData,
  type ScanOptions,
  type ScanResult,
  type SeriesOptions,
  type SeriesResult,
  type Surroundings,
  scanAsData,
  seriesAsData,
} from './commands/library/library.js';

export { UserError } from './base/errors.js';
export type {
  MatrixOptions,
  MatrixResult,
  ScanOptions,
  ScanResult,
  SeriesOptions,
  SeriesResult,
  TreeOptions,
} from './commands/library/library.js';

/*
 * The library: what the commands find, as plain data. The functions print nothing, run as often and as many at the same
 * time as one likes, and do all their work in this process. Git reads repositories and mails; it changes nothing.
 */

/**
 * Scans an unpacked kernel tree.
 * @returns importers, exporters, findings and what could not be analysed: `dmabuf-lint scan --format json`, version 1
 * @throws UserError with one line that says what is wrong with a path, a revision or the configuration
 */
export function scan(options: ScanOptions): Promise<ScanResult> {
  return scanAsData(options, ofThisProcess());
}

/**
 * Judges a patch series, each patch on its own tree. Nothing is checked out.
 * @returns what each patch brings and mends: `dmabuf-lint series --format json`, version 1
 * @throws UserError with one line
 */
export function series(options: SeriesOptions): Promise<SeriesResult> {
  return seriesAsData(options, ofThisProcess());
}

/**
 * Tells which importer may attach to which exporter, and what happens when that takes its memory back.
 * @returns a cell for each pair: `dmabuf-lint matrix --format json`, version 1
 * @throws UserError with one line
 */
export function matrix(options: MatrixOptions): Promise<MatrixResult> {
  return matrixAsData(options, ofThisProcess());
}

/** What the caller does not say is as in this process, at the time of the call. */
function ofThisProcess(): Surroundings {
  return { cwd: process.cwd(), env: process.env };
}
