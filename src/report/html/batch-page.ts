import { historyOf } from '../batch/batch-history.js';
import { findingsOf, type ReportedFinding, type ReportedJob } from '../batch/batch-jobs.js';
import { sayJob } from '../batch/batch-text.js';
import { findingArticle } from './findings.js';
import { html, type Markup, nothing } from './markup.js';
import { pageOf } from './page.js';
import { table } from './scan-page.js';

/** Formats the jobs of batches as one HTML file: a table of all, what came and went, and the findings of each. */
export function formatBatchHtml(jobs: readonly ReportedJob[], version: string): string {
  return pageOf({
    title: 'The dma-buf contract in many trees',
    intro: html`${jobs.length} jobs of dmabuf-lint ${version}. A scan is compared with the one before it of the same tree.`,
    sections: [
      { id: 'jobs', name: 'Jobs', content: jobsSection(jobs) },
      { id: 'history', name: 'What came and what went', content: historySection(jobs) },
      ...jobs.map((job) => ({ id: anchor(job), name: '', content: jobSection(job) })),
    ],
    footer: `dmabuf-lint ${version}.`,
    script: null,
  });
}

const anchor = ({ job }: ReportedJob): string => `job-${job.id}`;

function jobsSection(jobs: readonly ReportedJob[]): Markup {
  const rows = jobs.map((reported) => [
    html`<a href="#${anchor(reported)}">${reported.job.id}</a>`,
    reported.kind,
    reported.job.revision ?? '-',
    sayJob(reported),
  ]);
  return html`<section id="jobs"><h2>Jobs</h2>
${table('Jobs', ['job', 'command', 'revision', 'result'], rows)}
</section>`;
}

function historySection(jobs: readonly ReportedJob[]): Markup {
  const changes = [...historyOf(jobs)].filter(([, { came, went }]) => came.length + went.length > 0);
  return html`<section id="history"><h2>What came and what went</h2>
${
  changes.length === 0
    ? html`<p>Nothing: no scan differs from the one before it of the same tree.</p>`
    : changes.map(
        ([id, { since, came, went }]) => html`<h3>${id}, since ${since}</h3>
<ul>${came.map((finding) => changeItem('new', finding))}${went.map((finding) => changeItem('gone', finding))}</ul>
`,
      )
}
</section>`;
}

function changeItem(word: 'new' | 'gone', { severity, rule, file, line, message }: ReportedFinding): Markup {
  return html`<li>${word}: ${severity} <code>${file}:${line}</code> ${message} <code>${rule}</code></li>
`;
}

function jobSection(reported: ReportedJob): Markup {
  const found = findingsOf(reported);
  return html`<section id="${anchor(reported)}"><h2>${reported.job.id}</h2>
<p>${sayJob(reported)}.</p>
${found.map(
  ({ finding, patch }) =>
    html`${patch === null ? nothing : html`<p>Patch ${patch}:</p>`}${findingArticle(finding, noText)}`,
)}
</section>`;
}

/** The results hold no source. */
const noText = (): undefined => undefined;
