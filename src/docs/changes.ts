/** The patches: to the header, to the core, the new page, and stale names elsewhere. */
export type PatchName = 'header' | 'core' | 'page' | 'names';

/** A file of the tree before and after a planned change. */
export interface FileChange {
  readonly path: string;
  /** Null if the tree does not have the file. */
  readonly before: string | null;
  readonly after: string;
  readonly patch: PatchName;
  /** The text with what was wrong corrected and nothing added, where a patch of its own takes it there. */
  readonly corrected?: string;
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
