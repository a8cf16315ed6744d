import type { TextOf } from '../run-report.js';
import { html, type Markup, nothing } from './markup.js';

/** A longer line is cut off. */
const longest = 160;

/** A line of source between its neighbours, marked; nothing where its text is not at hand. */
export function codeFrame(textOf: TextOf, file: string, line: number): Markup {
  const lines = textOf(file)?.split('\n');
  if (!lines || lines[line - 1] === undefined) return nothing;
  const rows = [line - 1, line, line + 1].flatMap((number) => {
    const source = lines[number - 1]?.replace(/\r$/, '').slice(0, longest);
    if (source === undefined) return [];
    const text = html`<span class="number">${number}</span> ${source}\n`;
    return [number === line ? html`<mark class="row">${text}</mark>` : html`<span class="row">${text}</span>`];
  });
  return html`<pre class="frame" tabindex="0" aria-label="${`${file}, line ${line}`}"><code>${rows}</code></pre>`;
}
