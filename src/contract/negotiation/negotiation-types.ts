// On which mapping type do an importer and an exporter agree?

import type { MappingEntry, MappingTypes } from '../model/mapping-types.js';

/** What the core picks from two lists: the first type of the exporter that the importer accepts. */
export type Pick =
  /** They agree. `types`: those that it may be, the first that is possible first; one where nothing else is possible. */
  | { readonly kind: 'picked'; readonly types: readonly string[] }
  /** It is not known whether they agree. */
  | { readonly kind: 'unknown'; readonly types: readonly string[]; readonly why: string }
  /** No type is in both lists. */
  | { readonly kind: 'none' }
  /** A type is in both, but the exporter needs peer-to-peer, which the importer cannot do. */
  | { readonly kind: 'not-peer-to-peer'; readonly type: string; readonly entry: MappingEntry };

/**
 * Picks from what an importer accepts and what an exporter offers.
 * @param opsAllow whether the importer's ops allow peer-to-peer, for an entry that asks them
 */
export function pick(accepted: MappingTypes, offered: MappingTypes, opsAllow: boolean): Pick {
  const possible: string[] = [];
  const meetings = offered.entries.flatMap((offer) =>
    accepted.entries.map((accept) => ({ offer, accept, answer: meet(accept, offer, opsAllow) })),
  );
  for (const { offer, accept, answer } of meetings) {
    const type = offer.type ?? accept.type;
    if (answer !== 'yes' && answer !== 'maybe') continue;
    if (type !== null && !possible.includes(type)) possible.push(type);
    if (answer === 'yes') return { kind: 'picked', types: possible };
  }
  const isPossible = meetings.some(({ answer }) => answer === 'maybe');
  const why = accepted.unknown ?? offered.unknown ?? (isPossible ? reasonFor(meetings) : null);
  if (why !== null) return { kind: 'unknown', types: possible, why };
  const refused = meetings.find(({ answer }) => answer === 'not-peer-to-peer');
  return refused?.offer.type
    ? { kind: 'not-peer-to-peer', type: refused.offer.type, entry: refused.offer }
    : { kind: 'none' };
}

interface Meeting {
  readonly offer: MappingEntry;
  readonly accept: MappingEntry;
  readonly answer: 'yes' | 'maybe' | 'no' | 'not-peer-to-peer';
}

/** Whether two entries meet. */
function meet(accept: MappingEntry, offer: MappingEntry, opsAllow: boolean): Meeting['answer'] {
  if (accept.type !== null && offer.type !== null && accept.type !== offer.type) return 'no';
  const can = accept.peer2peer === 'of-ops' ? (opsAllow ? 'yes' : 'no') : accept.peer2peer;
  if (offer.peer2peer === 'yes' && can === 'no' && accept.type !== null && offer.type !== null)
    return 'not-peer-to-peer';
  const isSure = accept.type !== null && offer.type !== null && accept.isCertain && offer.isCertain;
  const peersAgree = can === 'yes' || offer.peer2peer === 'no';
  return isSure && peersAgree ? 'yes' : 'maybe';
}

function reasonFor(meetings: readonly Meeting[]): string {
  const first = meetings.find(({ answer }) => answer === 'maybe');
  if (first && (first.accept.type === null || first.offer.type === null)) return 'the type of an entry is not known';
  if (first && (!first.accept.isCertain || !first.offer.isCertain)) return 'an entry is in the list on some paths only';
  return 'what an entry says of peer-to-peer is not known';
}

/** The types of a list, for a message. */
export function typesInWords({ entries, unknown }: MappingTypes): string {
  const names = entries.map(
    ({ type, isCertain }) => `${type ?? 'a type that is not known'}${isCertain ? '' : ' on some paths'}`,
  );
  const rest = unknown === null ? [] : [`${names.length > 0 ? 'others' : 'types'} that are not known`];
  return [...names, ...rest].join(', ') || 'nothing';
}

/** The lists of an importer or exporter, for people; null where the tree's core has no mapping types. */
export function listsInWords(
  lists: readonly MappingTypes[] | null,
  side: 'importer' | 'exporter',
): readonly string[] | null {
  const peer = side === 'importer' ? 'peer-to-peer' : 'needs peer-to-peer';
  return (
    lists?.map(({ entries, unknown }) => {
      const words = entries.map(({ type, peer2peer, isCertain }) => {
        const remarks = [...(peer2peer === 'yes' ? [peer] : []), ...(isCertain ? [] : ['on some paths'])];
        return `${type ?? '?'}${remarks.length > 0 ? ` (${remarks.join(', ')})` : ''}`;
      });
      return [...words, ...(unknown === null ? [] : [`? (${unknown})`])].join(', ') || '-';
    }) ?? null
  );
}
