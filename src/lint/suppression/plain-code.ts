/** Code without comments, and with white space folded: neither moving nor indenting it changes this. */
export function plainCode(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
