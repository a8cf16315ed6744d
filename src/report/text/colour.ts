/** How to mark text on a terminal; without colour every function returns its text unchanged. */
export interface Colours {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** The escape sequences of a terminal, or functions that add nothing. */
export function coloursFor(enabled: boolean): Colours {
  const wrap = (start: number, end: number) => (text: string) =>
    enabled ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return { bold: wrap(1, 22), dim: wrap(2, 22), red: wrap(31, 39), yellow: wrap(33, 39), cyan: wrap(36, 39) };
}
