import { type BriefCell, type BriefNegotiation, negotiationVerdicts, opsOfKey } from '../../contract/index.js';
import { verdictLooks } from '../matrix/verdicts.js';
import { html, type Markup, nothing } from './markup.js';
import { breakable, headNames, list, namesBelow } from './matrix-columns.js';
import { legend } from './matrix-table.js';

/** An exporter's column, which other exporters with the same outcomes share. */
interface Column {
  readonly exporters: readonly string[];
  readonly cells: ReadonlyMap<string, BriefCell>;
}

/** Why some pairs have an outcome that is not "works". */
interface Reason {
  readonly cell: BriefCell;
  readonly importers: readonly string[];
}

/**
 * The section of a scan's page with who may attach to whom. Exporters with the same outcomes share a column, those that
 * work with everybody are a sentence, and each cell links to its reason.
 */
export function briefMatrixSection(negotiation: BriefNegotiation): Markup {
  const { importers, cells } = negotiation;
  const columns = columnsOf(negotiation);
  const isHarmless = ({ cells: own }: Column): boolean => [...own.values()].every(({ verdict }) => verdict === 'works');
  const shown = columns.filter((column) => !isHarmless(column));
  const harmless = columns.filter(isHarmless).flatMap(({ exporters }) => exporters);
  const reasons = reasonsOf(cells);
  const ids = new Map(
    reasons.flatMap(({ cell, importers: names }, index) =>
      names.map((importer) => [`${importer}\0${cell.exporter}`, `reason-${index + 1}`] as const),
    ),
  );
  const row = ({ key, name }: { readonly key: string; readonly name: string }): Markup =>
    html`<tr><th scope="row"><span class="name">${breakable(name)}</span></th>${shown.map((column) => cellMarkup(column.cells.get(key), ids))}</tr>
`;
  return html`<section id="matrix"><h2>Who may attach to whom</h2>
${
  shown.length === 0
    ? nothing
    : html`<p class="hint">Rows are importers, columns exporters; those with the same outcomes share a column. A cell that does not say "works" links to its reason.</p>
<div class="scroll" role="region" aria-label="Who may attach to whom" tabindex="0">
<table class="matrix">
<thead><tr><th scope="col" class="corner">importer</th>${shown.map(columnHead)}</tr></thead>
<tbody>
${importers.map(row)}</tbody>
</table>
</div>
${legend(negotiation)}
${shown.map(({ exporters }, index) => namesBelow(exporters, index + 1))}`
}
${harmless.length === 0 ? nothing : html`<p>Every importer works with ${list(harmless)}.</p>`}
${cells.length === 0 ? html`<p>There is no pair of an importer and an exporter.</p>` : nothing}
${reasons.length === 0 ? nothing : html`<h3>Reasons</h3><ol class="reasons">${reasons.map(reasonMarkup)}</ol>`}
</section>`;
}

function columnHead({ exporters }: Column, index: number): Markup {
  return html`<th scope="col">${headNames(exporters, index + 1)}</th>`;
}

function columnsOf({ importers, exporters, cells }: BriefNegotiation): readonly Column[] {
  const groups = new Map<string, { exporters: string[]; cells: ReadonlyMap<string, BriefCell> }>();
  for (const { key, name } of exporters) {
    const own = new Map(cells.filter(({ exporter }) => exporter === key).map((cell) => [cell.importer, cell]));
    if (own.size === 0) continue;
    // A reason names the exporter: columns share what is said in them, not the words of why.
    const outcomes = importers.map((importer) => own.get(importer.key)?.verdict ?? '').join('|');
    const group = groups.get(outcomes);
    if (group) group.exporters.push(name);
    else groups.set(outcomes, { exporters: [name], cells: own });
  }
  return [...groups.values()].sort((one, other) => worstOf(one) - worstOf(other));
}

function worstOf({ cells }: Column): number {
  return Math.min(...[...cells.values()].map(({ verdict }) => negotiationVerdicts.indexOf(verdict)));
}

function reasonsOf(cells: readonly BriefCell[]): readonly Reason[] {
  const found = new Map<string, { cell: BriefCell; importers: string[] }>();
  for (const cell of cells) {
    if (cell.verdict === 'works') continue;
    const key = `${cell.verdict}\0${cell.exporter}\0${cell.reason}`;
    const known = found.get(key);
    if (known) known.importers.push(cell.importer);
    else found.set(key, { cell, importers: [cell.importer] });
  }
  const rank = ({ cell }: Reason): number => negotiationVerdicts.indexOf(cell.verdict);
  return [...found.values()].sort((one, other) => rank(one) - rank(other));
}

function cellMarkup(cell: BriefCell | undefined, ids: ReadonlyMap<string, string>): Markup {
  if (!cell) return html`<td></td>`;
  const { sign, word, style } = verdictLooks[cell.verdict];
  const text = html`<span class="sign" aria-hidden="true">${sign}</span> ${word}`;
  const id = ids.get(`${cell.importer}\0${cell.exporter}`);
  return html`<td class="${style}">${id === undefined ? html`<span class="plain">${text}</span>` : html`<a href="#${id}" title="${cell.reason}">${text}</a>`}</td>`;
}

function reasonMarkup({ cell, importers }: Reason, index: number): Markup {
  const { style } = verdictLooks[cell.verdict];
  return html`<li id="${`reason-${index + 1}`}" class="evidence ${style}"><strong>${cell.verdict}</strong>: ${list(importers.map(opsOfKey))} with <code>${opsOfKey(cell.exporter)}</code>: ${cell.reason}</li>
`;
}
