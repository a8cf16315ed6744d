import {
  type BriefNegotiation,
  type CellChange,
  type ExporterSide,
  foldMatrix,
  type ImporterSide,
  type Negotiation,
  type NegotiationCell,
  type NegotiationChanges,
} from '../../contract/index.js';
import { usedVerdicts, verdictLooks } from '../matrix/verdicts.js';
import { countOf } from '../text/count.js';
import { driverOf, evidenceId } from './ids.js';
import { html, type Markup } from './markup.js';
import { breakable, headNames, namesBelow } from './matrix-columns.js';

/** Exporters that behave alike, and whose cells have changed alike, share a column. */
interface Column {
  readonly exporters: readonly ExporterSide[];
}

/** What differs from an earlier table. */
interface Marks {
  /** The former verdict of each cell that has changed. */
  former(importer: string, exporter: string): CellChange | undefined;
  /** Whether only the later table has this importer or exporter. */
  isNew(key: string): boolean;
}

/**
 * The section with the table itself, its filters and its legend.
 * @param changes what differs from an earlier table, which its cells tell; null if there is none
 */
export function matrixSection(negotiation: Negotiation, changes: NegotiationChanges | null): Markup {
  const { importers, exporters } = negotiation;
  if (importers.length === 0 || exporters.length === 0)
    return html`<section id="matrix"><h2>Table</h2><p>${importers.length} importers, ${exporters.length} exporters: there is no pair.</p></section>`;
  const marks = marksOf(changes);
  const columns = columnsOf(negotiation, marks);
  const cells = new Map(negotiation.cells.map((cell) => [`${cell.importer}\0${cell.exporter}`, cell]));
  const cellOf = (importer: ImporterSide, { exporters: [first] }: Column): Markup =>
    cellMarkup(negotiation, cells.get(`${importer.key}\0${first?.key}`), marks);
  const row = (importer: ImporterSide): Markup =>
    html`<tr data-driver="${driverWords(importer.name, importer.place?.file)}"><th scope="row"><span class="name">${breakable(importer.name)}</span><span class="driver">${importer.place ? breakable(driverOf(importer.place.file)) : countOf(importer.attachSites.length, 'call site')}</span>${newMark(marks, importer.key)}</th>${columns.map((column) => cellOf(importer, column))}</tr>
`;
  return html`<section id="matrix"><h2>Table</h2>
${filters(negotiation)}
<p class="hint">Rows are importers, columns exporters; those that behave alike share a column. Each cell links to its evidence.${changes ? ' A cell that has changed says what it was.' : ''}</p>
<div class="scroll" role="region" aria-label="Negotiation table" tabindex="0">
<table class="matrix">
<thead><tr><th scope="col" class="corner">importer</th>${columns.map((column, index) => columnHead(column, index + 1, marks))}</tr></thead>
<tbody>
${importers.map(row)}</tbody>
</table>
</div>
${legend(negotiation)}
${columns.map(({ exporters: own }, index) => namesBelow(namesOf(own), index + 1))}
</section>`;
}

function marksOf(changes: NegotiationChanges | null): Marks {
  const changed = new Map(changes?.cells.map((one) => [`${one.after.importer}\0${one.after.exporter}`, one]));
  const fresh = new Set(changes?.sides.filter(({ kind }) => kind === 'new').map(({ key }) => key));
  return {
    former: (importer, exporter) => changed.get(`${importer}\0${exporter}`),
    isNew: (key) => fresh.has(key),
  };
}

/** The columns: foldMatrix() puts the exporters that take memory back first, as they matter most. */
function columnsOf(negotiation: Negotiation, marks: Marks): readonly Column[] {
  return foldMatrix(negotiation).groups.flatMap(({ exporters }) => {
    const alike = new Map<string, ExporterSide[]>();
    for (const exporter of exporters) {
      const former = negotiation.importers.map(({ key }) => marks.former(key, exporter.key)?.before.verdict ?? '');
      const change = [marks.isNew(exporter.key), ...former].join('\0');
      alike.set(change, [...(alike.get(change) ?? []), exporter]);
    }
    return [...alike.values()].map((own) => ({ exporters: own }));
  });
}

function namesOf(exporters: readonly ExporterSide[]): readonly string[] {
  return exporters.map(({ name }) => name);
}

function columnHead({ exporters }: Column, number: number, marks: Marks): Markup {
  const [first] = exporters;
  const words = exporters.map(({ name, place }) => driverWords(name, place.file)).join(' ');
  const driver =
    first && exporters.length === 1
      ? html`<span class="driver">${breakable(driverOf(first.place.file))}</span>`
      : html``;
  return html`<th scope="col" data-driver="${words}" class="${first?.takesBack ?? ''}">${headNames(namesOf(exporters), number)}${driver}${first ? newMark(marks, first.key) : html``}</th>`;
}

function newMark(marks: Marks, key: string): Markup {
  return marks.isNew(key) ? html`<span class="new">new</span>` : html``;
}

function cellMarkup(negotiation: Negotiation, cell: NegotiationCell | undefined, marks: Marks): Markup {
  if (!cell) return html`<td></td>`;
  const { sign, word, style } = verdictLooks[cell.verdict];
  const change = marks.former(cell.importer, cell.exporter);
  const was = change
    ? html`<span class="was">${change.kind}: was ${verdictLooks[change.before.verdict].word}</span>`
    : html``;
  const classes = change ? `${style} changed` : style;
  return html`<td class="${classes}" data-verdict="${cell.verdict}"><a href="#${evidenceId(negotiation, cell)}" title="${cell.reason}"><span class="sign" aria-hidden="true">${sign}</span> ${word}${was}</a></td>`;
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
