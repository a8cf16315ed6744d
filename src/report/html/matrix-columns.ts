import { html, type Markup, nothing } from './markup.js';

/** The names that the head of a column shows; where there are more, it links to the list of them. */
const mostNames = 3;

/** The names in the head of a column that several exporters share. @param number of the column, from 1 */
export function headNames(names: readonly string[], number: number): Markup {
  const shown = names.length > mostNames ? names.slice(0, 1) : names;
  const rest = names.length - shown.length;
  const more = rest > 0 ? html`<a class="driver" href="#${`column-${number}`}">and ${rest} more</a>` : nothing;
  return html`${shown.map((name) => html`<span class="name">${breakable(name)}</span>`)}${more}`;
}

/** All names of a column, where its head does not have room for them. */
export function namesBelow(names: readonly string[], number: number): Markup {
  if (names.length <= mostNames) return nothing;
  return html`<p id="${`column-${number}`}">The column of <code>${names[0] ?? ''}</code> is that of ${list(names.slice(1))}, too.</p>`;
}

/** Names, with commas. */
export function list(names: readonly string[]): Markup {
  return html`${names.map((name, index) => html`${index === 0 ? '' : ', '}<code>${name}</code>`)}`;
}

/** A name or path that a narrow column breaks at an underscore or a slash, not within a word. */
export function breakable(name: string): Markup {
  const parts = name.split(/(?<=[_/])/);
  return html`${parts.map((part, index) => html`${index === 0 ? nothing : html`<wbr>`}${part}`)}`;
}
