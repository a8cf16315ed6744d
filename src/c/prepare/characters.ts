/** Whether a character of the text is white space to a C compiler, by its code; NaN, behind the end, is none. */
export function isSpace(character: number): boolean {
  return character === 32 || (character >= 9 && character <= 13);
}

/** Whether a character of the text can be part of a name, by its code; NaN, behind the end, cannot. */
export function isWordCharacter(character: number): boolean {
  return (
    (character >= 97 && character <= 122) ||
    character === 95 ||
    (character >= 65 && character <= 90) ||
    (character >= 48 && character <= 57)
  );
}

/** The first offset from `at` on where no white space stands. */
export function skipSpace(code: string, at: number): number {
  let after = at;
  while (isSpace(code.charCodeAt(after))) after++;
  return after;
}
