// Does the importer's own callback end what a function leaves?

import { type FlowExit, type FunctionFlow, functionsInTables, type Resource } from '../../../flow/index.js';
import { importerOpsTag, importerPrivateMember } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../../program/index.js';
import { callEdgesFrom } from '../../calls/callback-edges.js';
import { namesRelease } from '../../owners/release-sites.js';

/** How many calls deep a release is looked for; the start of a work item is one of them. */
const deepest = 4;

/**
 * Whether a function that succeeds leaves a resource in the object that the callback gets, and the callback detaches, by a
 * work item for example: the attachment is how the driver finds its object again. A callback that only unmaps leaves the
 * attachment.
 */
export function isEndedByCallback(
  codebase: Codebase,
  { ref }: FunctionFlow,
  { outcome, state }: FlowExit,
  { kind, handle }: Resource,
): boolean {
  if (outcome === 'error') return false;
  for (const { kind: other, handle: attachment } of state.resources) {
    if (other !== 'attachment') continue;
    const own = state.heap.get(`${attachment}.${importerPrivateMember}`);
    if (own === undefined || state.freed.has(own)) continue;
    const isKept = [...state.heap].some(([place, held]) => held === handle && place.startsWith(`${own}.`));
    if (isKept && callbacksRelease(codebase, ref, [kind, 'attachment'])) return true;
  }
  return false;
}

/** Whether the callbacks of a file reach the release of each of some kinds. */
function callbacksRelease(codebase: Codebase, { path }: FunctionRef, kinds: readonly Resource['kind'][]): boolean {
  const module = codebase.definitions.module(path);
  const callbacks = functionsInTables(codebase, path, (type) => type.includes(importerOpsTag));
  const reached = new Map<string, FunctionRef>();
  let next: readonly FunctionRef[] = callbacks;
  for (let depth = 0; depth <= deepest && next.length > 0; depth++) {
    const found = next.filter((ref) => !reached.has(functionKey(ref)));
    for (const ref of found) reached.set(functionKey(ref), ref);
    next = found.flatMap((ref) =>
      callEdgesFrom(codebase, ref, new Set(module)).flatMap((edge) => (edge.kind === 'target' ? [edge.target] : [])),
    );
  }
  const bodies = [...reached.values()].map((ref) => codebase.program.bodyText(ref));
  return kinds.every((kind) => bodies.some((body) => namesRelease(body, kind)));
}
