import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Negotiation, NegotiationChanges } from '../../contract/index.js';
import type { Finding } from '../../lint/index.js';
import { gapMessage, type RunReport, type TextOf } from '../run-report.js';
import { changesSection } from './changes.js';
import { evidenceSection } from './evidence.js';
import { exportersSection, importersSection } from './facts.js';
import { codeFrame } from './frame.js';
import { html, type Markup, nothing, raw } from './markup.js';
import { matrixSection } from './matrix-table.js';

/** What the page shows. */
interface MatrixPage {
  readonly negotiation: Negotiation;
  /** The scan of the same tree. */
  readonly report: RunReport;
  /** The earlier table and what differs from it; null without `--against`. */
  readonly changes: { readonly before: Negotiation; readonly changes: NegotiationChanges } | null;
  readonly version: string;
}

/** Formats the negotiation table as one HTML file, which needs no network and can be read without scripts. */
export function formatMatrixHtml({ negotiation, report, changes, version }: MatrixPage): string {
  const textOf: TextOf = report.groups[0]?.textOf ?? (() => undefined);
  const script = asset('matrix.js');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  const title = `Importers and exporters of ${report.subject}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(asset('matrix.css'))}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Which importer may attach to which exporter, and what happens when the exporter takes its memory back.
Derived from the code${report.revision ? html` at <code>${report.revision.slice(0, 12)}</code>` : nothing} by dmabuf-lint ${version}.</p>
<nav aria-label="Sections"><a href="#matrix">Table</a> ${changes ? html`<a href="#changes">Changes</a> ` : nothing}<a href="#importers">Importers</a> <a href="#exporters">Exporters</a> <a href="#findings">Findings</a> <a href="#not-analysed">Not analysed</a></nav>
</header>
<main>
${matrixSection(negotiation)}
${changes ? changesSection(changes.before, negotiation, changes.changes) : nothing}
${evidenceSection(negotiation, textOf)}
${importersSection(negotiation)}
${exportersSection(negotiation)}
${findingsSection(report, textOf)}
${gapsSection(report)}
</main>
<footer><p>${report.subject}${report.revision ? `, revision ${report.revision}` : ''}. ${report.summary}. dmabuf-lint ${version}.</p></footer>
<script>${raw(script)}</script>
</body>
</html>
`;
  return page.markup;
}

/** A file of the package that becomes part of the page, unescaped. */
function asset(name: string): string {
  // From dist/src/report/html up to the package, where src/ holds the files.
  return readFileSync(new URL(`../../../../src/report/html/${name}`, import.meta.url), 'utf8');
}

function findingsSection({ groups }: RunReport, textOf: TextOf): Markup {
  const findings = groups.flatMap((group) => group.findings);
  return html`<section id="findings"><h2>Findings</h2>
${findings.length === 0 ? html`<p>None.</p>` : findings.map((finding) => findingArticle(finding, textOf))}
</section>`;
}

function findingArticle(
  { severity, message, rule, confidence, file, line, column, trace }: Finding,
  textOf: TextOf,
): Markup {
  return html`<article class="finding ${severity}"><h3><span class="severity">${severity}</span> ${message}</h3>
<p class="place"><code>${file}:${line}:${column}</code> <code>${rule}</code>, confidence ${confidence}</p>
${codeFrame(textOf, file, line)}
${trace.length > 0 ? html`<ol class="trace">${trace.map((step) => html`<li><code>${step.file}:${step.line}</code> ${step.message}</li>`)}</ol>` : nothing}
</article>
`;
}

function gapsSection({ groups }: RunReport): Markup {
  const gaps = groups.flatMap(({ notAnalysed }) => notAnalysed);
  return html`<section id="not-analysed"><h2>Not analysed</h2>
${gaps.length === 0 ? html`<p>Everything was analysed.</p>` : html`<ul>${gaps.map((gap) => html`<li><code>${gap.file}:${gap.line ?? 1}</code> ${gapMessage(gap)}</li>`)}</ul>`}
</section>`;
}
