import { type Negotiation, type NegotiationCell, opsOfKey } from '../../contract/index.js';
import { verdictLooks } from '../matrix/verdicts.js';
import type { TextOf } from '../run-report.js';
import { codeFrame } from './frame.js';
import { evidenceId } from './ids.js';
import { html, type Markup } from './markup.js';

/** The section that proves each cell of the table: the reason, and the steps with their source. */
export function evidenceSection(negotiation: Negotiation, textOf: TextOf): Markup {
  if (negotiation.cells.length === 0) return html``;
  return html`<section id="evidence"><h2>Evidence</h2>
${negotiation.cells.map((cell) => evidence(negotiation, cell, textOf))}
</section>`;
}

/** The mapping type that the core would pick, where it picks one. */
function mappingType({ mappingTypes }: NegotiationCell): Markup {
  if (!mappingTypes || mappingTypes.length === 0) return html``;
  return html`
<p>Mapping type: ${mappingTypes.map((type, index) => html`${index > 0 ? ' or ' : ''}<code>${type}</code>`)}.</p>`;
}

function evidence(negotiation: Negotiation, cell: NegotiationCell, textOf: TextOf): Markup {
  const { sign, style } = verdictLooks[cell.verdict];
  // An exporter that never takes memory back would show the same source in hundreds of cells.
  const showsSource = cell.cause !== 'stays';
  return html`<article id="${evidenceId(negotiation, cell)}" class="evidence ${style}" tabindex="-1"><h3><span class="sign" aria-hidden="true">${sign}</span> ${cell.verdict}: <code>${opsOfKey(cell.importer)}</code> with <code>${opsOfKey(cell.exporter)}</code></h3>
<p>${cell.reason}.</p>${mappingType(cell)}
<ol class="trace">${cell.trace.map(
    (step) =>
      html`<li><code>${step.file}:${step.line}</code> ${step.message}${showsSource ? codeFrame(textOf, step.file, step.line) : html``}</li>`,
  )}</ol>
</article>
`;
}
