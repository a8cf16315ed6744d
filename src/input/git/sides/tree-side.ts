import type { Environment } from '../../../base/environment.js';

/** An index of a work tree. Git gives its hooks another one than its usual one when only some files are committed. */
export interface Index {
  /** An absolute path; null for the usual index. */
  readonly file: string | null;
}

/** Which state of a tree is meant: its files, what is staged of them, or a revision of its repository. */
export type TreeSide =
  | { readonly kind: 'work-tree' }
  | { readonly kind: 'staged'; readonly index: Index }
  | { readonly kind: 'revision'; readonly revision: string };

/** A state of a tree, as the user names it. */
export interface SideRequest {
  /** Where the tree is. */
  readonly folder: string;
  /** What messages call it. */
  readonly name: string;
  readonly side: TreeSide;
  /** The user's environment. */
  readonly env: Environment;
}
