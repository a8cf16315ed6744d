import { severities } from '../../lint/finding.js';
import type { Finding } from '../../lint/index.js';
import { gapMessage, type RunReport, type TextOf } from '../run-report.js';
import { codeFrame } from './frame.js';
import { html, type Markup, nothing } from './markup.js';

/** What a page shows of a finding. */
export type ShownFinding = Pick<
  Finding,
  'severity' | 'message' | 'rule' | 'confidence' | 'file' | 'line' | 'column' | 'trace'
>;

/** The section with all findings of a report, the worst first. */
export function findingsSection({ groups }: RunReport, textOf: TextOf): Markup {
  const all = groups.flatMap((group) => group.findings);
  const findings = severities.flatMap((severity) => all.filter((finding) => finding.severity === severity));
  return html`<section id="findings"><h2>Findings</h2>
${findings.length === 0 ? html`<p>None.</p>` : findings.map((finding) => findingArticle(finding, textOf))}
</section>`;
}

/** A finding with its code, where its text is available, and its trace. */
export function findingArticle(
  { severity, message, rule, confidence, file, line, column, trace }: ShownFinding,
  textOf: TextOf,
): Markup {
  return html`<article class="finding ${severity}"><h3><span class="severity">${severity}</span> ${message}</h3>
<p class="place"><code>${file}:${line}:${column}</code> <code>${rule}</code>, confidence ${confidence}</p>
${codeFrame(textOf, file, line)}
${trace.length > 0 ? html`<ol class="trace">${trace.map((step) => html`<li><code>${step.file}:${step.line}</code> ${step.message}</li>`)}</ol>` : nothing}
</article>
`;
}

/** The section with what was not analysed. */
export function gapsSection({ groups }: RunReport): Markup {
  const gaps = groups.flatMap(({ notAnalysed }) => notAnalysed);
  return html`<section id="not-analysed"><h2>Not analysed</h2>
${gaps.length === 0 ? html`<p>Everything was analysed.</p>` : html`<ul>${gaps.map((gap) => html`<li><code>${gap.file}:${gap.line ?? 1}</code> ${gapMessage(gap)}</li>`)}</ul>`}
</section>`;
}
