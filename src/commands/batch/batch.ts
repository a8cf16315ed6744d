import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { toolIdentity } from '../../base/package/tool-identity.js';
import { ConfigError } from '../../lint/config/check-shape.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { type CommandContext, readStandardInput, standardStream, userPath, writeUserFiles } from '../cli/context.js';
import { exitFindings, exitInternal } from '../cli/exit-codes.js';
import type { Verb } from '../cli/verb.js';
import { type BatchJob, commandLine, ofShard, parseJobs, parseShard } from './jobs-file.js';
import { doneBefore, type JobEnd, type JobRecord, makeFolder, recordFile, sarifName } from './records.js';
import { runLine } from './run-job.js';

export interface BatchOptions {
  /** The folder for the results. */
  readonly output?: string;
  /** `3/8`. */
  readonly shard?: string;
  /** How many jobs run at the same time, as the user writes it. */
  readonly jobs?: string;
  /** Whether jobs that are done are done again. */
  readonly again: boolean;
}

/** A job with its place among all jobs of the file. */
interface Placed {
  readonly index: number;
  readonly count: number;
  readonly job: BatchJob;
}

/**
 * `dmabuf-lint batch <jobs>`: runs many commands, and keeps the result of each in a file of its own. A job that is done is
 * skipped, and one that fails does not stop the others.
 * @param verbs what the jobs can ask for
 * @returns the exit code: 3 if a job failed, else 1 if one has findings
 * @throws ConfigError, OutputError
 */
export async function batch(
  file: string,
  options: BatchOptions,
  verbs: readonly Verb[],
  context: CommandContext,
): Promise<number> {
  const { output } = options;
  if (output === undefined) throw new ConfigError('batch: name a folder for the results, as in --output results');
  const all = parseJobs(await readJobs(file, context), file === standardStream ? 'standard input' : file);
  const chosen = options.shard === undefined ? all : ofShard(all, parseShard(options.shard));
  const count = parseCount(options.jobs);
  const folder = userPath(context, output);
  makeFolder(folder, output);
  const work = { folder, name: output, tool: toolIdentity(), again: options.again, verbs, context };
  const waiting: Placed[] = chosen.map((job) => ({ index: all.indexOf(job), count: all.length, job }));
  const records: JobRecord[] = [];
  const workers = Array.from({ length: Math.min(count, waiting.length) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const record = await doJob(next, work);
      records.push(record);
      context.terminal.progress(`${records.length} of ${chosen.length} jobs`);
    }
  });
  await Promise.all(workers);
  context.terminal.progress(null);
  context.terminal.writeError(summaryOf(records));
  return exitCodeOf(records);
}

async function readJobs(file: string, context: CommandContext): Promise<string> {
  if (file === standardStream) return await readStandardInput(context);
  try {
    return await readFile(userPath(context, file), 'utf8');
  } catch {
    throw new ConfigError(`${file}: cannot be read; it must hold one job in a line`);
  }
}

/** One job takes between one and two processors. */
function parseCount(value = String(Math.max(1, Math.floor(availableParallelism() / 2)))): number {
  if (!/^[1-9]\d{0,2}$/.test(value)) throw new ConfigError(`--jobs ${value}: must be a number from 1 to 999`);
  return Number(value);
}

interface Work {
  readonly folder: string;
  /** What messages call the folder. */
  readonly name: string;
  readonly tool: string;
  readonly again: boolean;
  readonly verbs: readonly Verb[];
  readonly context: CommandContext;
}

async function doJob(
  { index, count, job }: Placed,
  { folder, name, tool, again, verbs, context }: Work,
): Promise<JobRecord> {
  const { terminal } = context;
  const former = again ? null : doneBefore(folder, job, tool);
  if (former) {
    terminal.write(`${job.id}: done before\n`);
    return former;
  }
  const started = performance.now();
  const sarif = job.command === 'matrix' ? [] : [`--output=sarif=${join(folder, sarifName(job))}`];
  const [command = '', ...words] = commandLine(job);
  const { code, stdout, stderr } = await runLine([command, ...sarif, ...words], verbs, context);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const record: JobRecord = { version: 1, tool, index, count, job, seconds, end: endOf(code, stdout, stderr) };
  const { path, text } = recordFile(folder, record);
  await writeUserFiles(context, [{ path, text, name: join(name, `${job.id}.job.json`) }]);
  terminal.write(`${job.id}: ${sayEnd(record)}\n`);
  return record;
}

function endOf(code: number, stdout: string, stderr: string): JobEnd {
  if (code === 0 || code === exitFindings) {
    const result = parseResult(stdout);
    if (result !== undefined) return { kind: 'done', exitCode: code, result };
  }
  const error =
    stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^dmabuf-lint: /, '') || 'ended without a result';
  return { kind: 'failed', exitCode: code, error };
}

function parseResult(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sayEnd({ end, seconds }: JobRecord): string {
  switch (end.kind) {
    case 'failed':
      return `failed: ${escapeForTerminal(end.error)}`;
    case 'done':
      return `${end.exitCode === 0 ? 'no errors' : 'has errors'} (${seconds.toFixed(1)} s)`;
  }
}

function summaryOf(records: readonly JobRecord[]): string {
  const failed = records.filter(({ end }) => end.kind === 'failed').length;
  const wrong = records.filter(({ end }) => end.kind === 'done' && end.exitCode !== 0).length;
  return `${records.length} ${records.length === 1 ? 'job' : 'jobs'}: ${records.length - failed} done, ${wrong} of them with errors; ${failed} failed\n`;
}

function exitCodeOf(records: readonly JobRecord[]): number {
  if (records.some(({ end }) => end.kind === 'failed')) return exitInternal;
  return records.some(({ end }) => end.exitCode !== 0) ? exitFindings : 0;
}
