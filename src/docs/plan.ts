import type { Contract } from '../contract/index.js';
import type { Conflict, FileChange, Stale } from './changes.js';
import { amendFiles } from './comments/amend-files.js';
import { planPage } from './page/page-plan.js';

/** The changes that make the documentation of a tree say what its code does. */
export interface DocumentationPlan {
  readonly files: readonly FileChange[];
  readonly stale: readonly Stale[];
  readonly conflicts: readonly Conflict[];
  /** What cannot be documented because neither header nor core has it: `dma_buf_pin()`. */
  readonly missing: readonly string[];
  /** The page for the tree, as reST, and as Markdown. */
  readonly page: { readonly rest: string; readonly markdown: string };
}

/** Plans the changes that the documentation of a tree needs; writes nothing. */
export function planDocumentation(contract: Contract): DocumentationPlan {
  const comments = amendFiles(contract);
  const page = planPage(contract);
  return {
    files: [...comments.files, ...page.files],
    stale: [...comments.stale, ...page.stale].sort(byPlace),
    conflicts: [...comments.conflicts, ...page.conflicts].sort(byPlace),
    missing: comments.missing,
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
