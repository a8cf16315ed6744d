import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { UserError } from '../../base/errors.js';
import type { ReportedJob } from '../../report/batch/batch-jobs.js';
import { type CommandContext, standardStream, userPath, writeUserFiles } from '../cli/context.js';
import { formats, type MergeFormat } from '../formats/formats.js';
import { type FoundRecord, readRecords, sarifName } from './records.js';

export interface MergeOptions {
  readonly format: MergeFormat;
  readonly output?: string;
}

/**
 * `dmabuf-lint merge <folder...>`: puts the results of batches together. Shards give the same text as one run.
 * @returns the exit code
 * @throws UserError, OutputError
 */
export async function merge(
  folders: readonly string[],
  options: MergeOptions,
  context: CommandContext,
): Promise<number> {
  const found = readRecords(folders.map((name) => ({ name, path: userPath(context, name) })));
  const text = await formats[options.format].merge(found.map(reported));
  await writeUserFiles(context, [{ path: options.output ?? standardStream, text }]);
  const missing = missingJobs(found);
  if (missing > 0) context.terminal.writeError(`${missing} ${missing === 1 ? 'job is' : 'jobs are'} missing\n`);
  return 0;
}

/** How many jobs of the file have no record: a shard that was not run. */
function missingJobs(found: readonly FoundRecord[]): number {
  return Math.max(0, ...found.map(({ record }) => record.count)) - found.length;
}

/** A record as the formats take it. Its result is what a command of this tool wrote. */
function reported({ record, folder }: FoundRecord): ReportedJob {
  const { job, end } = record;
  const { exitCode } = end;
  if (end.kind === 'failed') return { kind: 'failed', job, exitCode, error: end.error };
  const kind = job.command;
  const sarif = kind === 'matrix' ? {} : { sarif: readLog(join(folder, sarifName(job))) };
  return { kind, job, exitCode, result: end.result, ...sarif } as ReportedJob;
}

function readLog(path: string): Log {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Log;
  } catch {
    throw new UserError(`${path}: cannot be read; run the batch again with --again`);
  }
}
