import { type Negotiation, type NegotiationCell, opsOfKey } from '../../contract/index.js';
import type { TextOf } from '../run-report.js';
import { codeFrame } from './frame.js';
import { evidenceId } from './ids.js';
import { html, type Markup } from './markup.js';
import { verdictLooks } from './verdicts.js';

/** What proves each cell: its reason, and the steps with their source. Without scripts it is read here. */
export function evidenceSection(negotiation: Negotiation, textOf: TextOf): Markup {
  if (negotiation.cells.length === 0) return html``;
  return html`<section id="evidence"><h2>Evidence</h2>
${negotiation.cells.map((cell) => evidence(negotiation, cell, textOf))}
</section>`;
}

function evidence(negotiation: Negotiation, cell: NegotiationCell, textOf: TextOf): Markup {
  const { sign, style } = verdictLooks[cell.verdict];
  // Where nothing is ever taken back the same would be shown hundreds of times.
  const showsSource = cell.cause !== 'stays';
  return html`<article id="${evidenceId(negotiation, cell)}" class="evidence ${style}" tabindex="-1"><h3><span class="sign" aria-hidden="true">${sign}</span> ${cell.verdict}: <code>${opsOfKey(cell.importer)}</code> with <code>${opsOfKey(cell.exporter)}</code></h3>
<p>${cell.reason}.</p>
<ol class="trace">${cell.trace.map(
    (step) =>
      html`<li><code>${step.file}:${step.line}</code> ${step.message}${showsSource ? codeFrame(textOf, step.file, step.line) : html``}</li>`,
  )}</ol>
</article>
`;
}
