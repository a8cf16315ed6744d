import type { TextOf } from '../run-report.js';
import { linesAround } from '../text/source-lines.js';
import { html, type Markup, nothing } from './markup.js';

/** A longer line of source is cut off. */
const longest = 160;

/** A line of source, marked, between its neighbours; nothing if its text is not available. */
export function codeFrame(textOf: TextOf, file: string, line: number): Markup {
  const lines = linesAround(textOf, file, line);
  if (!lines?.some(({ number }) => number === line)) return nothing;
  const rows = lines.map(({ number, text }) => {
    const row = html`<span class="number">${number}</span> ${text.slice(0, longest)}\n`;
    return number === line ? html`<mark class="row">${row}</mark>` : html`<span class="row">${row}</span>`;
  });
  return html`<pre class="frame" tabindex="0" aria-label="${`${file}, line ${line}`}"><code>${rows}</code></pre>`;
}
