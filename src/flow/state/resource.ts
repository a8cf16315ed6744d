import type { ResourceKind } from '../../kernel/index.js';
import type { Value } from './value.js';

/** A place in the tree. `at` is a 0-based offset into the text of the file. */
export interface CodePlace {
  readonly path: string;
  readonly at: number;
}

/** Who or what has a resource after the function has released it or given it away. */
export type EndKind =
  /** An API function released it. */
  | { readonly kind: 'released'; readonly by: string }
  /** A lock function dropped the lock. */
  | { readonly kind: 'lock-dropped'; readonly by: string }
  /** A descriptor owns the reference; closing the descriptor puts it. */
  | { readonly kind: 'given-to-descriptor' }
  /** It was written through a pointer that the caller passed in: `*out = x`. */
  | { readonly kind: 'given-to-caller' }
  /** It was stored in a member or a global variable that others can read. */
  | { readonly kind: 'stored'; readonly in: string }
  /** It is a descriptor, and its number was copied to user space. */
  | { readonly kind: 'copied-to-user' }
  /** It is a descriptor, and was closed. */
  | { readonly kind: 'closed'; readonly by: string }
  /** It was an argument of a call that cannot be followed; `to` is null for a call through a function pointer. */
  | { readonly kind: 'passed'; readonly to: string | null }
  /** The release function of its kref returned and left it. */
  | { readonly kind: 'left-by-release-function' };

/** How a resource stopped being the function's own, and where. */
export type ResourceEnd = EndKind & CodePlace;

/** One thing that a path has acquired: an attachment, a mapping, a pin, a reference, a descriptor or a lock. */
export interface Resource {
  readonly kind: ResourceKind;
  /** The value that stands for it: the attachment, the table, the dma-buf. */
  readonly handle: Value;
  /** The attachment of a pin or mapping, or the buffer of an attachment. */
  readonly of: Value | null;
  /** Where it was acquired. */
  readonly path: string;
  readonly at: number;
  /** The function that acquired it. */
  readonly function: string;
  /** The API function that was called for it. */
  readonly api: string;
  /** Whether this is a lock that the caller already held when the function was entered. */
  readonly isCallers: boolean;
  /** Whether this is a lock that the path takes again after it has dropped it. */
  readonly isRetaken: boolean;
  readonly status: 'held' | 'released' | 'given';
  /** How many references are held; 0 where the path released what it had not acquired. */
  readonly count: number;
  /** How it was released or given away; null while it is held. */
  readonly end: ResourceEnd | null;
  /** The direction of a mapping as written, where it is a constant. */
  readonly direction: string | null;
  /** Whether it is one of many: an element of an array or an entry of a list. */
  readonly isElement: boolean;
  /** The object in which it was stored when it was given away. */
  readonly holder: Value | null;
  /** Whether that object was freed before anybody released what it held. */
  readonly holderFreed: boolean;
  /** Whether the only place that others could find it in was overwritten. */
  readonly isOverwritten: boolean;
  /** Whether a callee that was not followed could find it after it was stored. */
  readonly wasPassedOn: boolean;
  /** Whether such a callee may have released it: a callee through a pointer, or one whose name says that it releases. */
  readonly wasLeftToCallee: boolean;
  /** Whether a callee acquired it, failed, and left it to its caller. */
  readonly leftByFailure: boolean;
  /** For a reference: where dma_buf_fd(), or what else gives a descriptor, failed to take it over. */
  readonly refused: (CodePlace & { readonly api: string }) | null;
  /**
   * For a descriptor: the later call that failed, so that user space never learns the number, and whether that call was
   * to copy the number to user space.
   */
  readonly failedAfter: (CodePlace & { readonly wasCopy: boolean }) | null;
}

type RequiredFields = 'kind' | 'handle' | 'path' | 'at' | 'function' | 'api';

/** A resource that was acquired just now, once, with every other field at its default. */
export function newResource(
  fields: Pick<Resource, RequiredFields> & Partial<Omit<Resource, RequiredFields>>,
): Resource {
  const { kind, handle, path, at, api } = fields;
  return {
    kind,
    handle,
    of: fields.of ?? null,
    path,
    at,
    function: fields.function,
    api,
    isCallers: fields.isCallers ?? false,
    isRetaken: fields.isRetaken ?? false,
    status: fields.status ?? 'held',
    count: fields.count ?? 1,
    end: fields.end ?? null,
    direction: fields.direction ?? null,
    isElement: fields.isElement ?? false,
    holder: fields.holder ?? null,
    holderFreed: fields.holderFreed ?? false,
    isOverwritten: fields.isOverwritten ?? false,
    wasPassedOn: fields.wasPassedOn ?? false,
    wasLeftToCallee: fields.wasLeftToCallee ?? false,
    leftByFailure: fields.leftByFailure ?? false,
    refused: fields.refused ?? null,
    failedAfter: fields.failedAfter ?? null,
  };
}
