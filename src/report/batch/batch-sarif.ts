import type { Log, Run } from 'sarif';
import { formatJsonText } from '../formats/json-text.js';
import type { ReportedJob } from './batch-jobs.js';

/** Formats the scans and series as one SARIF log, with a run for each: its automation details name the job. */
export function formatBatchSarif(jobs: readonly ReportedJob[]): string {
  const logs = jobs.flatMap((reported) =>
    reported.kind === 'scan' || reported.kind === 'series' ? [{ id: reported.job.id, log: reported.sarif }] : [],
  );
  const schema = logs[0]?.log.$schema;
  const runs = logs.flatMap(({ id, log }) =>
    log.runs.map((run): Run => ({ ...run, automationDetails: { id: `dmabuf-lint/${id}` } })),
  );
  return formatJsonText({ ...(schema === undefined ? {} : { $schema: schema }), version: '2.1.0', runs } satisfies Log);
}
