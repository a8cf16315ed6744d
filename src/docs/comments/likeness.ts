/** Whether two paragraphs share most of their words, so that one is probably the other, rewritten. */
export function isLike(left: string, right: string): boolean {
  const [few, many] = [left, right]
    .map((text) => text.toLowerCase().match(/\w+/g) ?? [])
    .sort((one, other) => one.length - other.length);
  if (!few || !many || few.length < 6) return false;
  const rest = [...many];
  const shared = few.filter((word) => {
    const at = rest.indexOf(word);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
  return (2 * shared.length) / (few.length + many.length) >= 0.6;
}
