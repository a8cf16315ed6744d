/**
 * Sorts things into groups: two are in one group if they share a name, directly or through other things. Groups, and the
 * things in them, keep their order.
 */
export function groupByNames<T>(
  things: readonly T[],
  namesOf: (thing: T) => Iterable<string>,
): readonly (readonly T[])[] {
  // Union-find: each thing points to an earlier one of its group, the first one to itself.
  const leads = things.map((_, index) => index);
  const leadOf = (index: number): number => {
    let lead = index;
    while (leads[lead] !== lead) lead = leads[lead] ?? lead;
    leads[index] = lead;
    return lead;
  };
  const owners = new Map<string, number>();
  for (const [index, thing] of things.entries())
    for (const name of namesOf(thing)) {
      const [one, other] = [leadOf(index), leadOf(owners.get(name) ?? index)];
      leads[Math.max(one, other)] = Math.min(one, other);
      owners.set(name, index);
    }
  const groups = new Map<number, T[]>();
  for (const [index, thing] of things.entries()) {
    const lead = leadOf(index);
    const group = groups.get(lead);
    if (group) group.push(thing);
    else groups.set(lead, [thing]);
  }
  return [...groups.values()];
}
