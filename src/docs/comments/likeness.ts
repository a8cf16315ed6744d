/** Whether two paragraphs share most of their words, so that one is probably the other, rewritten. */
export function isLike(left: string, right: string): boolean {
  return likeness(left, right) >= 0.6;
}

/** Whether two paragraphs differ in few words, such as a `not`. */
export function isAlmost(left: string, right: string): boolean {
  return likeness(left, right) >= 0.85;
}

/** The share of words, from 0 to 1, that two paragraphs have in common; 0 if one is very short. */
function likeness(left: string, right: string): number {
  const [few, many] = [left, right]
    .map((text) => text.toLowerCase().match(/\w+/g) ?? [])
    .sort((one, other) => one.length - other.length);
  if (!few || !many || few.length < 6) return 0;
  const rest = [...many];
  const shared = few.filter((word) => {
    const at = rest.indexOf(word);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
  return (2 * shared.length) / (few.length + many.length);
}
