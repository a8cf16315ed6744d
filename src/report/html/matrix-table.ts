import {
  type BriefNegotiation,
  type ExporterSide,
  foldMatrix,
  type ImporterSide,
  type Negotiation,
  type NegotiationCell,
} from '../../contract/index.js';
import { usedVerdicts, verdictLooks } from '../matrix/verdicts.js';
import { countOf } from '../text/count.js';
import { driverOf, evidenceId } from './ids.js';
import { html, type Markup } from './markup.js';

/** The section with the table itself, its filters and its legend. */
export function matrixSection(negotiation: Negotiation): Markup {
  const { importers, exporters } = negotiation;
  if (importers.length === 0 || exporters.length === 0)
    return html`<section id="matrix"><h2>Table</h2><p>${importers.length} importers, ${exporters.length} exporters: there is no pair.</p></section>`;
  // foldMatrix() puts the exporters that take memory back first: their columns matter most.
  const columns = foldMatrix(negotiation).groups.flatMap((group) => group.exporters);
  const cells = new Map(negotiation.cells.map((cell) => [`${cell.importer}\0${cell.exporter}`, cell]));
  const row = (importer: ImporterSide): Markup =>
    html`<tr data-driver="${driverWords(importer.name, importer.place?.file)}"><th scope="row"><span class="name">${importer.name}</span><span class="driver">${importer.place ? driverOf(importer.place.file) : countOf(importer.attachSites.length, 'call site')}</span></th>${columns.map((exporter) => cellMarkup(negotiation, cells.get(`${importer.key}\0${exporter.key}`)))}</tr>
`;
  return html`<section id="matrix"><h2>Table</h2>
${filters(negotiation)}
<p class="hint">Rows are importers, columns exporters. Each cell links to its evidence.</p>
<div class="scroll" role="region" aria-label="Negotiation table" tabindex="0">
<table class="matrix">
<thead><tr><th scope="col" class="corner">importer</th>${columns.map(columnHead)}</tr></thead>
<tbody>
${importers.map(row)}</tbody>
</table>
</div>
${legend(negotiation)}
</section>`;
}

function columnHead(exporter: ExporterSide): Markup {
  return html`<th scope="col" data-driver="${driverWords(exporter.name, exporter.place.file)}" class="${exporter.takesBack}"><span class="name">${exporter.name}</span><span class="driver">${driverOf(exporter.place.file)}</span></th>`;
}

function cellMarkup(negotiation: Negotiation, cell: NegotiationCell | undefined): Markup {
  if (!cell) return html`<td></td>`;
  const { sign, word, style } = verdictLooks[cell.verdict];
  return html`<td class="${style}" data-verdict="${cell.verdict}"><a href="#${evidenceId(negotiation, cell)}" title="${cell.reason}"><span class="sign" aria-hidden="true">${sign}</span> ${word}</a></td>`;
}

function driverWords(name: string, file: string | undefined): string {
  return `${name} ${file ?? ''}`.toLowerCase();
}

function filters(negotiation: Negotiation): Markup {
  return html`<form class="filters" hidden>
<label>Driver <input type="search" name="driver" placeholder="vfio, amdgpu, mlx5" autocomplete="off"></label>
<fieldset><legend>Verdicts</legend>${usedVerdicts(negotiation).map((verdict) => html`<label><input type="checkbox" name="verdict" value="${verdict}" checked> ${verdictLooks[verdict].sign} ${verdict}</label> `)}</fieldset>
<output aria-live="polite"></output>
</form>`;
}

/** What the signs in the cells of a table mean. */
export function legend(negotiation: Pick<BriefNegotiation, 'cells'>): Markup {
  return html`<dl class="legend">${usedVerdicts(negotiation).map((verdict) => {
    const { sign, word, style, meaning } = verdictLooks[verdict];
    return html`<div><dt class="${style}"><span class="sign" aria-hidden="true">${sign}</span> ${word}</dt><dd>${meaning}</dd></div>`;
  })}</dl>`;
}
