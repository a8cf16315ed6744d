/**
 * The patches: what was wrong in comments, what is added to header and core, the page on invalidation, stale names
 * elsewhere, and the page of drivers.
 */
export type PatchName = 'corrections' | 'header' | 'core' | 'page' | 'names' | 'tables';

/** A file of the tree before and after a planned change; one file may be changed in steps, by several patches. */
export interface FileChange {
  readonly path: string;
  /** Null if the tree does not have the file. */
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

/** A text by somebody else that contradicts ours: it is shown, and stays. */
export interface Conflict {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly subject: string;
  readonly theirs: string;
  readonly ours: string;
}
