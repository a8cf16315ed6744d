import { type ExporterSide, type ImporterSide, listsInWords, type Negotiation } from '../../contract/index.js';
import { countOf } from '../text/count.js';
import { html, type Markup } from './markup.js';

/** The section with the importers and what each does. */
export function importersSection({ importers }: Negotiation): Markup {
  const hasTypes = importers.some(({ mappingTypes }) => mappingTypes !== null);
  return html`<section id="importers"><h2>Importers</h2>
${importers.length === 0 ? html`<p>None.</p>` : html`<div class="scroll" role="region" aria-label="Importers" tabindex="0"><table class="facts"><thead><tr><th scope="col">ops</th><th scope="col">place</th><th scope="col">pins</th><th scope="col">peer-to-peer</th><th scope="col">when invalidated</th>${typesHead(hasTypes, 'accepts')}</tr></thead><tbody>${importers.map((one) => importerRow(one, hasTypes))}</tbody></table></div>`}
</section>`;
}

/** The column with mapping types, which only trees whose core has them need. */
function typesHead(hasTypes: boolean, does: string): Markup {
  return hasTypes ? html`<th scope="col">${does}</th>` : html``;
}

function typesCell(hasTypes: boolean, lists: readonly string[] | null): Markup {
  return hasTypes ? html`<td>${lists?.join('; ') ?? '-'}</td>` : html``;
}

function importerRow(importer: ImporterSide, hasTypes: boolean): Markup {
  const { name, place, pins, allowPeer2peer, behaviour, attachSites, isTest, mappingTypes } = importer;
  const where = place ? `${place.file}:${place.line}` : countOf(attachSites.length, 'call site');
  return html`<tr><th scope="row"><code>${name}</code>${isTest ? ' (test code)' : ''}</th><td><code>${where}</code></td><td>${pins}</td><td>${allowPeer2peer ? 'yes' : 'no'}</td><td>${behaviour}</td>${typesCell(hasTypes, listsInWords(mappingTypes, 'importer'))}</tr>`;
}

/** The section with the exporters: which importers each refuses, and what it does with memory in use. */
export function exportersSection({ exporters }: Negotiation): Markup {
  const hasTypes = exporters.some(({ mappingTypes }) => mappingTypes !== null);
  return html`<section id="exporters"><h2>Exporters</h2>
${exporters.length === 0 ? html`<p>None.</p>` : html`<div class="scroll" role="region" aria-label="Exporters" tabindex="0"><table class="facts"><thead><tr><th scope="col">ops</th><th scope="col">place</th><th scope="col">takes memory back</th><th scope="col">pin</th><th scope="col">asks for</th><th scope="col">waits for</th>${typesHead(hasTypes, 'offers')}</tr></thead><tbody>${exporters.map((one) => exporterRow(one, hasTypes))}</tbody></table></div>`}
</section>`;
}

function exporterRow(exporter: ExporterSide, hasTypes: boolean): Markup {
  const { name, place, takesBack, pinPolicy, peerToPeerCheck, rejection, waitsForFences, waitsForUnmap, isTest } =
    exporter;
  const offered = listsInWords(exporter.mappingTypes && [exporter.mappingTypes], 'exporter');
  const asks = [
    ...(peerToPeerCheck ? ['peer-to-peer'] : []),
    ...(rejection?.op === 'attach' ? ['revocable importers'] : []),
  ];
  const waits = [...(waitsForFences ? ['fences'] : []), ...(waitsForUnmap ? ['unmaps'] : [])];
  return html`<tr><th scope="row"><code>${name}</code>${isTest ? ' (test code)' : ''}</th><td><code>${place.file}:${place.line}</code></td><td>${takesBack}</td><td>${pinPolicy}</td><td>${asks.join(', ') || '-'}</td><td>${waits.join(', ') || '-'}</td>${typesCell(hasTypes, offered)}</tr>`;
}
