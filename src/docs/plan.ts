import type { Contract } from '../contract/index.js';
import type { Conflict, FileChange, Stale } from './changes.js';
import { amendFiles } from './comments/amend-files.js';
import { type PlannedPage, planPages } from './page/page-plan.js';

/** The changes that make the documentation of a tree say what its code does. */
export interface DocumentationPlan {
  readonly files: readonly FileChange[];
  readonly stale: readonly Stale[];
  readonly conflicts: readonly Conflict[];
  /** What cannot be documented because neither header nor core has it: `dma_buf_pin()`. */
  readonly missing: readonly string[];
  /** The pages for the tree. */
  readonly pages: readonly PlannedPage[];
}

/** What is to be documented. */
export interface PlanOptions {
  /** Whether there is to be a page of drivers, with tables. */
  readonly tables: boolean;
}

/** Plans the changes that the documentation of a tree needs; writes nothing. */
export function planDocumentation(contract: Contract, { tables }: PlanOptions = { tables: true }): DocumentationPlan {
  const comments = amendFiles(contract);
  const pages = planPages(contract, tables);
  return {
    files: [...comments.files, ...pages.flatMap(({ files }) => files)],
    stale: [...comments.stale, ...pages.flatMap(({ stale }) => stale)].sort(byPlace),
    conflicts: [...comments.conflicts, ...pages.flatMap(({ conflicts }) => conflicts)].sort(byPlace),
    missing: comments.missing,
    pages: pages.map(({ page }) => page),
  };
}

function byPlace(
  left: { readonly path: string; readonly line: number },
  right: { readonly path: string; readonly line: number },
): number {
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return left.line - right.line;
}
