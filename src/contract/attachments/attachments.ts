// Which attachments does the tree make, and what does it do with them?

import { attachesWithOps, attachFunctions, dmaBufCore, functionsWithRole } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { AttachmentUse, AttachSite, UseKind } from '../model/attachment.js';
import { type ApiCallProblem, findApiCalls } from './api-calls.js';
import { createTracer } from './attachment-trace.js';

/** The attachments of a tree and what it does with them. */
export interface Attachments {
  readonly sites: readonly AttachSite[];
  readonly uses: readonly AttachmentUse[];
  readonly problems: readonly ApiCallProblem[];
}

const kinds: readonly UseKind[] = ['pin', 'unpin', 'map', 'unmap'];
const useKinds: ReadonlyMap<string, UseKind> = new Map(
  kinds.flatMap((kind) => functionsWithRole(kind).map((name) => [name, kind] as const)),
);

/**
 * Finds every attach of a tree, and every pin and mapping with the attaches that it can belong to. The API's own functions
 * call each other: `dma_buf_attach()` attaches for its callers, and `dma_buf_map_attachment_unlocked()` maps for them.
 */
export function findAttachments(codebase: Codebase): Attachments {
  const attaches = findApiCalls(codebase, attachFunctions);
  const sites = attaches.calls
    .filter(({ ref }) => ref.path !== dmaBufCore && !attachFunctions.includes(ref.outline.name))
    .map(({ name, ref, call, place }) => ({ api: name, ref, call, place, isStatic: !attachesWithOps(name) }));
  const trace = createTracer(codebase, sites);
  const used = findApiCalls(codebase, [...useKinds.keys()]);
  const uses = used.calls.flatMap((found): AttachmentUse[] => {
    const kind = useKinds.get(found.name);
    const value = found.call.arguments[0];
    if (!kind || found.ref.path === dmaBufCore) return [];
    return [{ ...found, kind, links: value ? trace(found.ref, value) : [] }];
  });
  return { sites, uses, problems: [...attaches.problems, ...used.problems] };
}
