import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, UserError } from '../../base/errors.js';
import { OutputError } from '../../base/write-files.js';
import { isObject } from '../../lint/config/check-shape.js';
import { formatJsonText } from '../../report/formats/json-text.js';
import type { BatchJob } from './jobs-file.js';

/** How a job ended. A job that failed is done again by the next run. */
export type JobEnd =
  | { readonly kind: 'done'; readonly exitCode: 0 | 1; readonly result: unknown }
  | { readonly kind: 'failed'; readonly exitCode: number; readonly error: string };

/** What a batch keeps of a job, in a file of its own. */
export interface JobRecord {
  readonly version: 1;
  /** Identifies the build of the tool that did it. */
  readonly tool: string;
  /** The place of the job among all, from 0: reports keep this order. */
  readonly index: number;
  /** How many jobs there are: a report says which shards are missing. */
  readonly count: number;
  readonly job: BatchJob;
  readonly seconds: number;
  readonly end: JobEnd;
}

/** The name of a job's record, beside which its SARIF lies. */
const recordName = ({ id }: BatchJob): string => `${id}.job.json`;
export const sarifName = ({ id }: Pick<BatchJob, 'id'>): string => `${id}.sarif`;

/** The record of a job as a file of a folder. */
export function recordFile(folder: string, record: JobRecord): { readonly path: string; readonly text: string } {
  return { path: join(folder, recordName(record.job)), text: formatJsonText(record) };
}

/** Makes the folder that records are written to. @throws OutputError */
export function makeFolder(folder: string, name: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new OutputError(`${name}: cannot be made a folder (${errorCode(error)})`);
  }
}

/**
 * What an earlier run kept of a job. @param tool the build that must have done it
 * @returns null if it has to be done: there is none, it failed, or the job or the tool has changed
 */
export function doneBefore(folder: string, job: BatchJob, tool: string): JobRecord | null {
  let record: JobRecord | null;
  try {
    record = parseRecord(readFileSync(join(folder, recordName(job)), 'utf8'));
  } catch {
    return null;
  }
  const isSame = record?.tool === tool && canonical(record.job) === canonical(job);
  return record && isSame && record.end.kind === 'done' ? record : null;
}

/** The same text for the same job, in whatever order its keys are. */
const canonical = (job: BatchJob): string => JSON.stringify(Object.entries(job).sort(([a], [b]) => (a < b ? -1 : 1)));

/** A record, and the folder that it lies in. */
export interface FoundRecord {
  readonly record: JobRecord;
  readonly folder: string;
}

/**
 * Reads the records of some folders, in the order of the jobs.
 * @param folders as the user names them, and where they are
 * @throws UserError where there is none, one cannot be read, or two say different things of a job
 */
export function readRecords(
  folders: readonly { readonly name: string; readonly path: string }[],
): readonly FoundRecord[] {
  const found = new Map<string, FoundRecord & { readonly name: string }>();
  for (const { name, path } of folders)
    for (const file of recordsIn(name, path)) {
      const record = parseRecord(readText(join(path, file), join(name, file)));
      if (!record)
        throw new UserError(`${join(name, file)}: is no record of a job; remove it, and run the batch again`);
      const { id } = record.job;
      const former = found.get(id);
      // A shard that was run twice: a failure is of no interest beside a result.
      if (former && former.record.end.kind === 'done' && record.end.kind === 'failed') continue;
      if (
        former &&
        former.record.end.kind === record.end.kind &&
        canonical(former.record.job) !== canonical(record.job)
      )
        throw new UserError(`the job '${id}' in ${name} is another one than that in ${former.name}`);
      if (former?.record.end.kind === 'done' && isOther(former.record.end, record.end))
        throw new UserError(`the job '${id}' has two results, in ${former.name} and ${name}; remove the older one`);
      found.set(id, { record, folder: path, name });
    }
  if (found.size === 0)
    throw new UserError(`${folders.map(({ name }) => name).join(', ')}: no results of dmabuf-lint batch`);
  return [...found.values()].sort(
    (left, right) => left.record.index - right.record.index || (left.record.job.id < right.record.job.id ? -1 : 1),
  );
}

/** Whether two runs of a job found different things, whatever time they took. */
function isOther(one: JobEnd, other: JobEnd): boolean {
  const plain = (end: JobEnd): string =>
    JSON.stringify(end, (key, value: unknown) => (key === 'milliseconds' ? undefined : value));
  return other.kind === 'done' && plain(one) !== plain(other);
}

function recordsIn(name: string, path: string): readonly string[] {
  try {
    return readdirSync(path)
      .filter((file) => file.endsWith('.job.json'))
      .sort();
  } catch (error) {
    throw new UserError(`${name}: ${errorCode(error) === 'ENOENT' ? 'no such folder' : 'is not a folder'}`);
  }
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UserError(`${name}: cannot be read`);
  }
}

function parseRecord(text: string): JobRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value['version'] === 1 && isObject(value['job']) && isObject(value['end'])
      ? (value as unknown as JobRecord)
      : null;
  } catch {
    return null;
  }
}
