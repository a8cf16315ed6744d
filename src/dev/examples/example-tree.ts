import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openMemory, type SourceTree } from '../../input/tree/tree.js';
import type { Finding, RuleExample } from '../../lint/index.js';

/** The folder of the package's own fixture trees. */
export const fixturesFolder = fileURLToPath(new URL('../../../../fixtures', import.meta.url));

/** The fixture trees, by the dialect that each speaks; `paths` speaks that of invalidate-mappings. */
export const fixtureTrees: Readonly<Record<string, string>> = {
  move_notify: 'move-notify',
  invalidate_mappings: 'invalidate-mappings',
  marker: 'marker-field',
  paths: 'paths',
};

/** The files that every fixture tree has: its version, and the dma-buf core. */
export const coreFiles: readonly string[] = ['Makefile', 'include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c'];

/**
 * Writes a part of a fixture tree: the version, the dma-buf core, and what else is named. A whole one takes long to scan.
 * @param tree the fixture tree
 * @param others files or folders of it
 */
export function copyFixture(tree: string, folder: string, others: readonly string[] = []): void {
  for (const path of [...coreFiles, ...others])
    cpSync(join(fixturesFolder, tree, path), join(folder, path), { recursive: true });
}

/** A rule page's example as a kernel tree: the example beside the header and core of its dialect. */
export function exampleTree(example: Omit<RuleExample, 'kind'>): { readonly tree: SourceTree; readonly path: string } {
  const dialect = example.options['dialect'] ?? 'invalidate_mappings';
  const folder = fixtureTrees[dialect];
  if (!folder) throw new Error(`line ${example.line}: no dialect '${dialect}'`);
  const path = example.options['path'] ?? 'drivers/example/example.c';
  const files = Object.fromEntries(
    coreFiles.map((file) => [file, readFileSync(join(fixturesFolder, folder, file), 'utf8')]),
  );
  return { tree: openMemory(dialect, { ...files, [path]: example.code }), path };
}

/** What the markers of a text expect: `rule:line`, sorted. A marker is the word `expect:` and rule ids, in a comment. */
export function expectedFindings(path: string, text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) => {
      const ids = /\bexpect: ([\w-]+(?:, *[\w-]+)*)/.exec(line)?.[1];
      return ids ? ids.split(/, */).map((id) => `${path}:${index + 1} ${id}`) : [];
    })
    .sort();
}

/** Findings in the same form. */
export function actualFindings(findings: readonly Pick<Finding, 'file' | 'line' | 'rule'>[]): readonly string[] {
  return [...new Set(findings.map((finding) => `${finding.file}:${finding.line} ${finding.rule}`))].sort();
}

/** The places that the markers of a text expect not to be analysed, sorted. A marker is the word `expect-gap`. */
export function expectedGaps(path: string, text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (/\bexpect-gap\b/.test(line) ? [`${path}:${index + 1}`] : []))
    .sort();
}

/** What was not analysed, in the same form. */
export function actualGaps(
  gaps: readonly { readonly file: string; readonly line: number | null }[],
): readonly string[] {
  return [...new Set(gaps.map(({ file, line }) => `${file}:${line ?? ''}`))].sort();
}

/** The places where every path contradicts itself, in the same form: there must be none. */
export function contradictionsIn(
  gaps: readonly { readonly file: string; readonly line: number | null; readonly reason: string }[],
): readonly string[] {
  return actualGaps(gaps.filter(({ reason }) => reason.startsWith('no path was found')));
}

/** All files below a folder, relative to it. */
export function filesBelow(folder: string, below = ''): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}
