/** Characters that roff would obey or print as another one, and how to write them. */
type Escapes = readonly (readonly [RegExp, string | ((sign: string) => string)])[];

/** Everywhere. The backslash is first, since the others add backslashes. Source: groff_char(7), man-pages(7). */
const signs: Escapes = [
  [/\\/g, '\\e'],
  [/"/g, '\\(dq'],
  [/`/g, '\\(ga'],
  [/\^/g, '\\(ha'],
  [/~/g, '\\(ti'],
  [/[^\n -~]/gu, (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`],
];

/** In code, which somebody may copy: every dash is a minus sign, every quote the one of the keyboard. */
export const codeEscapes: Escapes = [...signs, [/-/g, '\\-'], [/'/g, '\\(aq']];

/** In prose: between letters a dash is a hyphen and a quote an apostrophe. */
export const proseEscapes: Escapes = [...signs, [/(?<!\w)-|-(?!\w)/g, '\\-'], [/(?<!\w)'|'(?!\w)/g, '\\(aq']];

/** Escapes text for roff. */
export function escaped(text: string, escapes: Escapes): string {
  return escapes.reduce(
    (safe, [sign, written]) =>
      typeof written === 'string' ? safe.replace(sign, () => written) : safe.replace(sign, written),
    text,
  );
}

/** Escapes lines that roff would take for requests. */
export function guarded(text: string): string {
  return text.replace(/^(?=[.'])/gm, '\\&');
}
