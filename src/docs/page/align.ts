/** A pair of indices into two lists. */
export type Pair = readonly [left: number, right: number];

/**
 * Pairs the members of two lists in order, so that the pairs weigh as much as possible.
 * @param weigh how well two members match; 0 if they do not
 * @returns pairs whose indices, 0-based, rise in both lists
 */
export function align<Left, Right>(
  left: readonly Left[],
  right: readonly Right[],
  weigh: (left: Left, right: Right) => number,
): readonly Pair[] {
  const width = right.length + 1;
  const weights = left.map((one) => right.map((other) => weigh(one, other)));
  // The best total from the members at two indices on.
  const best = new Float64Array((left.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      best[i * width + j] = Math.max(at(i + 1, j), at(i, j + 1), withPair(weights[i]?.[j] ?? 0, at(i + 1, j + 1)));
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const weight = weights[i]?.[j] ?? 0;
    if (weight > 0 && at(i, j) === weight + at(i + 1, j + 1)) pairs.push([i++, j++]);
    else if (at(i, j) === at(i + 1, j)) i++;
    else j++;
  }
  return pairs;
}

function withPair(weight: number, rest: number): number {
  return weight > 0 ? weight + rest : 0;
}
