// Which misuses only follow from another one? A path that releases everything twice contains one mistake, not many.

import { type Expression, subexpressions } from '../../c/index.js';
import { expressionsIn, type FlowEvent, graphOf, leadsTo, type Resource } from '../../flow/index.js';
import { type Codebase, functionAt, functionKey } from '../../program/index.js';
import { placeKey } from './defects.js';

/**
 * Returns the events without those that follow from an earlier event of the same path: both concern the same buffer, and
 * the same function ended what they release or use again.
 * @param events those of one function, in the order in which its paths reached them
 */
export function withoutConsequences(codebase: Codebase, events: readonly FlowEvent[]): readonly FlowEvent[] {
  const ends = events.map((event) => enderOf(codebase, event));
  const buffers = buffersOf(events);
  return events.filter((event, index) => {
    const ender = ends[index];
    if (ender === undefined) return true;
    return !events.some(
      (first, before) =>
        first !== event &&
        ends[before] === ender &&
        isSameBuffer(buffers, first.resource, event.resource) &&
        comesFirst(first, event, before < index) &&
        isOnTheWay(first, event) &&
        mayFollow(codebase, first, event),
    );
  });
}

/** The function that ended what an event uses or releases again; undefined for an event of another kind. */
function enderOf(codebase: Codebase, { kind, resource, isDoubtful }: FlowEvent): string | undefined {
  if (kind !== 'double-release' && kind !== 'use-after-release') return undefined;
  if (isDoubtful && resource?.count === 0) return undefined;
  const end = resource?.end;
  const ender = end ? functionAt(codebase.program, end.path, end.at) : undefined;
  return ender && `${ender.path}:${ender.outline.start}`;
}

/** Whether an event is reported before another one. Of the events of one call, the second release is reported. */
function comesFirst(first: FlowEvent, then: FlowEvent, isEarlier: boolean): boolean {
  if (placeKey(first) === placeKey(then) && first.kind !== then.kind) return first.kind === 'double-release';
  return isEarlier;
}

/** Whether the decisions of one event are the first ones of another. */
function isOnTheWay({ decisions: before }: FlowEvent, { decisions: after }: FlowEvent): boolean {
  return before.every((one, index) => {
    const other = after[index];
    if (other === undefined || one.kind !== other.kind || placeKey(one) !== placeKey(other)) return false;
    return one.kind !== 'test' || other.kind !== 'test' || one.answer === other.answer;
  });
}

/** Whether a way leads from one event to another in the function that they are told in. Events of two functions may follow. */
function mayFollow(codebase: Codebase, first: FlowEvent, then: FlowEvent): boolean {
  const ref = functionAt(codebase.program, first.path, first.at);
  const other = functionAt(codebase.program, then.path, then.at);
  if (!ref || !other || functionKey(ref) !== functionKey(other)) return true;
  const graph = graphOf(codebase.program.lower(ref));
  const nodeAt = (at: number): number =>
    graph.nodes.findIndex((node) => expressionsIn(node).some((expression) => hasPlace(expression, at)));
  const [from, to] = [nodeAt(first.at), nodeAt(then.at)];
  if (from < 0 || to < 0) return true;
  return leadsTo(graph, from, to);
}

function hasPlace(expression: Expression, at: number): boolean {
  return expression.at === at || subexpressions(expression).some((inner) => hasPlace(inner, at));
}

type Links = ReadonlyMap<number, number>;

/** Maps each handle to the handle that it depends on: a mapping to its attachment, an attachment to its buffer. */
function buffersOf(events: readonly FlowEvent[]): Links {
  const found = new Map<number, number>();
  for (const { resource } of events) if (resource?.of != null) found.set(resource.handle, resource.of);
  return found;
}

function isSameBuffer(links: Links, one: Resource | null, other: Resource | null): boolean {
  if (!one || !other) return false;
  const way = wayDown(links, one);
  return wayDown(links, other).some((value) => way.includes(value));
}

function wayDown(links: Links, { handle, of }: Resource): readonly number[] {
  const found = [handle];
  for (let next: number | null | undefined = of; next != null && !found.includes(next); next = links.get(next))
    found.push(next);
  return found;
}
