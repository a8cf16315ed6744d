import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRulePage } from '../../lint/rule-page.js';
import { coreFiles, fixturesFolder, fixtureTrees } from '../examples/example-tree.js';
import { cachedVersions, kernelsFolder } from '../kernels/kernel-cache.js';

/** A tree to scan: how it is named in the report, and where it lies. */
export interface ComparedTree {
  readonly name: string;
  readonly folder: string;
  /** Whether it never changes: an unpacked kernel. */
  readonly isFixed: boolean;
}

/**
 * The trees on which two revisions of the tool are compared: the fixture trees, one tree per dialect with every example
 * of the rule pages, and every kernel in the cache.
 * @param scratch an empty folder, where the trees of examples are written
 */
export function comparedTrees(scratch: string): readonly ComparedTree[] {
  const kernels = kernelsFolder();
  return [
    ...Object.values(fixtureTrees).map((name) => ({
      name: `fixture ${name}`,
      folder: join(fixturesFolder, name),
      isFixed: false,
    })),
    ...exampleTrees(scratch),
    ...cachedVersions(kernels).map((version) => ({
      name: `linux ${version}`,
      folder: join(kernels, version),
      isFixed: true,
    })),
  ];
}

function exampleTrees(scratch: string): readonly ComparedTree[] {
  const dialects = new Set<string>();
  for (const id of ruleIds())
    for (const [index, example] of readRulePage(id).examples.entries()) {
      const dialect = example.options['dialect'] ?? 'invalidate_mappings';
      dialects.add(dialect);
      const path = example.options['path'] ?? 'example.c';
      write(join(scratch, dialect, 'drivers', `${id}-${index}`, path.replace(/^drivers\//, '')), example.code);
    }
  return [...dialects].map((dialect) => {
    const folder = join(scratch, dialect);
    const fixture = join(fixturesFolder, fixtureTrees[dialect] ?? '');
    for (const file of coreFiles) write(join(folder, file), readFileSync(join(fixture, file), 'utf8'));
    return { name: `rule examples ${dialect}`, folder, isFixed: false };
  });
}

function ruleIds(): readonly string[] {
  const folder = join(fixturesFolder, '..', 'rules');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'rule.md')));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
