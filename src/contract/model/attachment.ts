// The part of the model about attachments: where they are made, used, and by which call paths.

import type { CallExpression, Statement } from '../../c/index.js';
import type { FunctionRef } from '../../program/index.js';
import type { Place } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';

/** A call of a function that attaches: dma_buf_attach(), dma_buf_dynamic_attach(). */
export interface AttachSite {
  /** The API function. */
  readonly api: string;
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  /** Whether the function takes no ops, as dma_buf_attach(). */
  readonly isStatic: boolean;
  readonly place: Place;
}

/** One attach site from which a used attachment can come, and the call path between the two. */
export interface AttachmentLink {
  readonly site: AttachSite;
  /** The lowest function on the call graph above both the attach and the use. */
  readonly commonCaller: FunctionRef;
  /** The call chain from `commonCaller` down to the function that attaches. */
  readonly chain: readonly FunctionRef[];
  /** `path`: the value was followed to the attach. `field`: only the name of the struct field matches, within one module. */
  readonly via: 'path' | 'field';
}

export type UseKind = 'pin' | 'unpin' | 'map' | 'unmap';

/** A call that pins, unpins, maps or unmaps an attachment. */
export interface AttachmentUse {
  readonly kind: UseKind;
  /** The API function called. */
  readonly name: string;
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  readonly statement: Statement;
  /** The statements around `statement`, the outermost first. */
  readonly around: readonly Statement[];
  readonly place: Place;
  readonly links: readonly AttachmentLink[];
}

/** A function on an attach path, with the offset of the call or name in it that continues the path. */
export interface CallFrame {
  readonly ref: FunctionRef;
  readonly at: number;
}

/** One call path along which an ops table, or NULL, gets to an attach site. */
export interface AttachPath {
  readonly site: AttachSite;
  /** Null for an attachment without ops. */
  readonly table: OpsTable | null;
  /** The function that attaches comes first, the function that names the ops last. */
  readonly frames: readonly CallFrame[];
}
