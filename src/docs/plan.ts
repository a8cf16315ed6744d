import type { Contract } from '../contract/index.js';
import { amendFiles } from './amend-files.js';
import { planPage } from './page-plan.js';

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

/** What has to be done to a tree so that its documentation says what its code does. */
export interface DocumentationPlan {
  readonly files: readonly FileChange[];
  readonly stale: readonly Stale[];
  readonly conflicts: readonly Conflict[];
  /** The page as it should be in the tree, and the same in Markdown. */
  readonly page: { readonly rest: string; readonly markdown: string };
}

/** Plans it; nothing is written. */
export function planDocumentation(contract: Contract): DocumentationPlan {
  const comments = amendFiles(contract);
  const page = planPage(contract);
  return {
    files: [...comments.files, ...page.files],
    stale: [...comments.stale, ...page.stale].sort(byPlace),
    conflicts: [...comments.conflicts, ...page.conflicts].sort(byPlace),
    page: page.page,
  };
}

function byPlace(
  left: { readonly path: string; readonly line: number },
  right: { readonly path: string; readonly line: number },
): number {
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return left.line - right.line;
}
