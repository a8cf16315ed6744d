/** The functions and macros that the body of a macro calls. */
export function calledNames(text: string): readonly string[] {
  return [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !/^(sizeof|typeof|if|while|for|do)$/.test(name));
}
