/** Makes the facts of one kind, each once: a text that is looked up again and again is looked up faster if it is the same. */
export function factsOf(kind: string): (about: string) => string {
  const made = new Map<string, string>();
  return (about) => {
    let fact = made.get(about);
    if (fact === undefined) {
      fact = `${kind}:${about}`;
      made.set(about, fact);
    }
    return fact;
  };
}
