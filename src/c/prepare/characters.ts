/** Whether a character code is white space in C. NaN, the code past the end of a text, is not. */
export function isSpace(character: number): boolean {
  return character === 32 || (character >= 9 && character <= 13);
}

/** Whether a character code can be part of a C name. NaN, the code past the end of a text, cannot. */
export function isWordCharacter(character: number): boolean {
  return (
    (character >= 97 && character <= 122) ||
    character === 95 ||
    (character >= 65 && character <= 90) ||
    (character >= 48 && character <= 57)
  );
}

/** The first offset from `at` on that is not white space. */
export function skipSpace(code: string, at: number): number {
  let after = at;
  while (isSpace(code.charCodeAt(after))) after++;
  return after;
}
