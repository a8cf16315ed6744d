import type { ExporterSide, ImporterSide, Negotiation } from '../../contract/index.js';
import { countOf } from '../text/count.js';
import { html, type Markup } from './markup.js';

/** The section with the importers and what each does. */
export function importersSection({ importers }: Negotiation): Markup {
  return html`<section id="importers"><h2>Importers</h2>
${importers.length === 0 ? html`<p>None.</p>` : html`<div class="scroll" role="region" aria-label="Importers" tabindex="0"><table class="facts"><thead><tr><th scope="col">ops</th><th scope="col">place</th><th scope="col">pins</th><th scope="col">peer-to-peer</th><th scope="col">when invalidated</th></tr></thead><tbody>${importers.map(importerRow)}</tbody></table></div>`}
</section>`;
}

function importerRow({ name, place, pins, allowPeer2peer, behaviour, attachSites, isTest }: ImporterSide): Markup {
  const where = place ? `${place.file}:${place.line}` : countOf(attachSites.length, 'call site');
  return html`<tr><th scope="row"><code>${name}</code>${isTest ? ' (test code)' : ''}</th><td><code>${where}</code></td><td>${pins}</td><td>${allowPeer2peer ? 'yes' : 'no'}</td><td>${behaviour}</td></tr>`;
}

/** The section with the exporters: which importers each refuses, and what it does with memory in use. */
export function exportersSection({ exporters }: Negotiation): Markup {
  return html`<section id="exporters"><h2>Exporters</h2>
${exporters.length === 0 ? html`<p>None.</p>` : html`<div class="scroll" role="region" aria-label="Exporters" tabindex="0"><table class="facts"><thead><tr><th scope="col">ops</th><th scope="col">place</th><th scope="col">takes memory back</th><th scope="col">pin</th><th scope="col">asks for</th><th scope="col">waits for</th></tr></thead><tbody>${exporters.map(exporterRow)}</tbody></table></div>`}
</section>`;
}

function exporterRow({
  name,
  place,
  takesBack,
  pinPolicy,
  peerToPeerCheck,
  rejection,
  waitsForFences,
  waitsForUnmap,
  isTest,
}: ExporterSide): Markup {
  const asks = [
    ...(peerToPeerCheck ? ['peer-to-peer'] : []),
    ...(rejection?.op === 'attach' ? ['revocable importers'] : []),
  ];
  const waits = [...(waitsForFences ? ['fences'] : []), ...(waitsForUnmap ? ['unmaps'] : [])];
  return html`<tr><th scope="row"><code>${name}</code>${isTest ? ' (test code)' : ''}</th><td><code>${place.file}:${place.line}</code></td><td>${takesBack}</td><td>${pinPolicy}</td><td>${asks.join(', ') || '-'}</td><td>${waits.join(', ') || '-'}</td></tr>`;
}
