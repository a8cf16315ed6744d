import { type Negotiation, type NegotiationChanges, opsOfKey } from '../../contract/index.js';
import { evidenceId } from './ids.js';
import { html, type Markup } from './markup.js';

/** The section that lists what differs from an earlier table. */
export function changesSection(before: Negotiation, after: Negotiation, { cells, sides }: NegotiationChanges): Markup {
  const rows = cells.map(
    ({ kind, before: old, after: now }) =>
      html`<li class="${kind}"><a href="#${evidenceId(after, now)}"><code>${opsOfKey(now.importer)}</code> with <code>${opsOfKey(now.exporter)}</code></a>: ${old.verdict} → ${now.verdict} (${kind})</li>`,
  );
  const others = sides.map(({ kind, side, key }) => html`<li>${kind} ${side} <code>${opsOfKey(key)}</code></li>`);
  const items = [...rows, ...others];
  return html`<section id="changes"><h2>Changes since linux ${before.kernelVersion ?? '(version unknown)'}</h2>
${items.length === 0 ? html`<p>Nothing changes.</p>` : html`<ul>${items}</ul>`}
</section>`;
}
