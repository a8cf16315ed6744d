export type PatchName = 'header' | 'core' | 'page' | 'names';

/** A file of the tree as it is, and as it should be. */
export interface FileChange {
  readonly path: string;
  /** Null for a file that the tree does not have. */
  readonly before: string | null;
  readonly after: string;
  readonly patch: PatchName;
}

/** Something in the tree's documentation that is wrong, missing or out of date. */
export interface Stale {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly kind: 'semantics-undocumented' | 'stale-name-in-comment' | 'stale-documentation' | 'stale-table';
  readonly message: string;
  /** Whether the planned changes mend it. */
  readonly isMended: boolean;
}

/** A text that says otherwise than we would, and was written by somebody else: it is shown, and left. */
export interface Conflict {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly subject: string;
  readonly theirs: string;
  readonly ours: string;
}
