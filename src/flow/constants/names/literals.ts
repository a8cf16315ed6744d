/** The number that a literal is, or undefined for text and fractions. */
export function literalNumber(text: string): number | undefined {
  return /^-?(?:0x[\da-f]+|\d+)[ul]*$/i.test(text) ? Number(text.replace(/[ul]+$/i, '')) : undefined;
}

/** The same for a decimal or hexadecimal literal alone: an octal one is a mode. */
export function plainLiteral(text: string): number | undefined {
  return /^0\d/.test(text) ? undefined : literalNumber(text);
}
