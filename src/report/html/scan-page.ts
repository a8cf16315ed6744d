import type { Inventory } from '../../contract/index.js';
import { exporterCells, exporterHeads, importerCells, importerHeads } from '../inventory-cells.js';
import type { RunReport, TextOf } from '../run-report.js';
import { briefMatrixSection } from './brief-matrix.js';
import { findingsSection, gapsSection } from './findings.js';
import { html, type Markup } from './markup.js';
import { atRevision, footerOf } from './matrix-page.js';
import { pageOf } from './page.js';

/**
 * Formats a scan as one HTML file: findings with their code and trace, who may attach to whom, the inventory, and what was
 * not analysed.
 */
export function formatScanHtml(report: RunReport, version: string): string {
  const textOf: TextOf = report.groups[0]?.textOf ?? (() => undefined);
  const { inventory, negotiation } = report;
  return pageOf({
    title: `The dma-buf contract in ${report.subject}`,
    intro: html`What breaks the contract between importers and exporters, found in the code${atRevision(report)} by
dmabuf-lint ${version}. ${report.summary}.`,
    sections: [
      { id: 'findings', name: 'Findings', content: findingsSection(report, textOf) },
      ...(negotiation
        ? [{ id: 'matrix', name: 'Who may attach to whom', content: briefMatrixSection(negotiation) }]
        : []),
      ...(inventory ? inventorySections(inventory) : []),
      { id: 'not-analysed', name: 'Not analysed', content: gapsSection(report) },
    ],
    footer: footerOf(report, version),
    script: null,
  });
}

function inventorySections({ importers, staticImporters, exporters }: Inventory) {
  return [
    { id: 'importers', name: 'Importers', content: importersPart(importers, staticImporters) },
    { id: 'exporters', name: 'Exporters', content: exportersPart(exporters) },
  ];
}

function importersPart(importers: Inventory['importers'], staticImporters: Inventory['staticImporters']): Markup {
  const places = staticImporters.map(
    (place) => html`<li><code>${place.function ?? ''}()</code> <code>${place.file}:${place.line}</code></li>`,
  );
  return html`<section id="importers"><h2>Importers</h2>
${table(
  'Importers',
  importerHeads,
  importers.map((importer) => importerCells(importer, importer.callbackKind)),
)}
<h3>Importers without ops</h3>
${places.length === 0 ? html`<p>None.</p>` : html`<ul>${places}</ul>`}
</section>`;
}

function exportersPart(exporters: Inventory['exporters']): Markup {
  return html`<section id="exporters"><h2>Exporters</h2>
${table('Exporters', exporterHeads, exporters.map(exporterCells))}
</section>`;
}

/** A table whose first column names the rows; it scrolls where it does not fit. */
export function table(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup {
  if (rows.length === 0) return html`<p>None.</p>`;
  const head = heads.map((name) => html`<th scope="col">${name}</th>`);
  const body = rows.map(
    ([first = '', ...rest]) =>
      html`<tr><th scope="row"><code>${first}</code></th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  );
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="facts"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
