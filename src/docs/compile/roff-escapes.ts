/** A sign that roff would read as an order, or print as another one, and how it is written. */
export type Escapes = readonly (readonly [RegExp, string | ((sign: string) => string)])[];

/** Everywhere; the backslash comes first, since the others bring their own. Source: groff_char(7), man-pages(7). */
const signs: Escapes = [
  [/\\/g, '\\e'],
  [/"/g, '\\(dq'],
  [/`/g, '\\(ga'],
  [/\^/g, '\\(ha'],
  [/~/g, '\\(ti'],
  [/[^\n -~]/gu, (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`],
];

/** What somebody may copy: every dash is a minus sign, every quote the one of the keyboard. */
export const codeEscapes: Escapes = [...signs, [/-/g, '\\-'], [/'/g, '\\(aq']];

/** Between letters a dash is a hyphen, and a quote an apostrophe. */
export const proseEscapes: Escapes = [...signs, [/(?<!\w)-|-(?!\w)/g, '\\-'], [/(?<!\w)'|'(?!\w)/g, '\\(aq']];

/** Text without anything that roff would take for its own. */
export function escaped(text: string, escapes: Escapes): string {
  return escapes.reduce(
    (safe, [sign, written]) =>
      typeof written === 'string' ? safe.replace(sign, () => written) : safe.replace(sign, written),
    text,
  );
}

/** No line begins with a sign that would make it a request. */
export function guarded(text: string): string {
  return text.replace(/^(?=[.'])/gm, '\\&');
}
