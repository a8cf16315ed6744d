import { formatJsonText } from '../formats/json-text.js';
import type { ReportedJob } from './batch-jobs.js';

/** Formats all jobs with their results as JSON text. Times are left out: the same jobs give the same text. */
export function formatBatchJson(jobs: readonly ReportedJob[]): string {
  return formatJsonText({ version: 1, jobs: jobs.map(jobResult) });
}

function jobResult(reported: ReportedJob) {
  const { job, exitCode } = reported;
  return reported.kind === 'failed'
    ? { job, exitCode, error: reported.error }
    : { job, exitCode, result: withoutTimes(reported.result) };
}

function withoutTimes(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result), (key, value: unknown) => (key === 'milliseconds' ? undefined : value));
}
