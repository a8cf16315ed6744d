import { type Contract, deniesPinned } from '../../contract/index.js';
import type { Conflict, FileChange, Stale } from '../changes.js';
import { compileMarkdown } from '../compile/markdown.js';
import { compileRest } from '../compile/rest.js';
import { readSource, renderText } from '../source.js';
import { enterIndex, enterMaintainers, indexPath, maintainersPath, pagePath } from './page-entries.js';
import { substitutesOf } from './page-facts.js';
import { mergePage } from './page-merge.js';
import { compareRows } from './page-rows.js';

const head = `.. SPDX-License-Identifier: GPL-2.0
..
   The tables are made from the code by "dmabuf-lint docs", and held against it
   by "dmabuf-lint docs --check".
`;

interface PagePlan {
  readonly files: readonly FileChange[];
  readonly stale: readonly Stale[];
  readonly conflicts: readonly Conflict[];
  readonly page: { readonly rest: string; readonly markdown: string };
}

/** Plans the page on invalidation and its entries in the index and in MAINTAINERS; writes nothing. */
export function planPage(contract: Contract): PagePlan {
  const { tree } = contract.codebase.program;
  const source = readSource('pages/invalidation.md');
  const substitutes = substitutesOf(contract);
  const wanted = `${head}\n${renderText(source, substitutes, compileRest)}`;
  const before = tree.read(pagePath) ?? null;
  const merged = before === null ? { text: wanted, kept: [] } : mergePage(before, wanted);
  const files: FileChange[] = [];
  const add = (path: string, old: string | null, text: string): void => {
    if (text !== old) files.push({ path, before: old, after: text, patch: 'page' });
  };
  add(pagePath, before, merged.text);
  for (const [path, enter] of [
    [indexPath, enterIndex],
    [maintainersPath, enterMaintainers],
  ] as const) {
    const text = tree.read(path);
    if (text !== undefined) add(path, text, enter(text));
  }
  return {
    files,
    stale: staleOf(before, merged.text, files),
    conflicts: merged.kept
      .filter(({ text }) => deniesPinned(text))
      .map(({ text, line, instead }) => ({ path: pagePath, line, subject: 'the page', theirs: text, ours: instead })),
    page: { rest: merged.text, markdown: renderText(source, substitutes, compileMarkdown) },
  };
}

function staleOf(before: string | null, after: string, files: readonly FileChange[]): readonly Stale[] {
  const at = (path: string, line: number, kind: Stale['kind'], message: string): Stale => ({
    path,
    line,
    kind,
    message,
    isMended: true,
  });
  if (before === null) return [at(pagePath, 1, 'stale-documentation', 'the tree has no page on invalidation')];
  const rows = compareRows(before, after).map(({ line, message }) => at(pagePath, line, 'stale-table', message));
  const others = files
    .filter(({ path }) => path !== pagePath)
    .map(({ path }) => at(path, 1, 'stale-documentation', `has no entry for ${pagePath}`));
  const isOnlyProse = rows.length === 0 && before !== after;
  return [
    ...rows,
    ...others,
    ...(isOnlyProse
      ? [at(pagePath, firstDifference(before, after), 'stale-documentation', 'the page is out of date')]
      : []),
  ];
}

function firstDifference(before: string, after: string): number {
  const lines = after.split('\n');
  return before.split('\n').findIndex((line, number) => line !== lines[number]) + 1 || 1;
}
