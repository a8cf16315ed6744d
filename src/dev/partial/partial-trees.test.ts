import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { negotiationOf } from '../../contract/index.js';
import { overlayTree } from '../../input/tree/overlay.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder, openMemory, type SourceTree } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { type Confidence, defaultConfig } from '../../lint/index.js';
import { createUnitStore } from '../../program/index.js';
import { coreFiles, fixturesFolder, fixtureTrees } from '../examples/example-tree.js';
import { some } from '../run/cases.js';

/** In CI, each file of some trees is taken away. Of the others only those of drivers of several files are. */
const whole = some(Object.values(fixtureTrees), 0);

const certainty: Readonly<Record<Confidence, number>> = { low: 1, medium: 2, high: 3 };

/** What a tree says: the confidence of each finding, and the outcome of each negotiation. */
interface Said {
  readonly findings: ReadonlyMap<string, Confidence>;
  readonly cells: ReadonlyMap<string, string>;
}

async function saidOf(tree: SourceTree, store: ReturnType<typeof createUnitStore>): Promise<Said> {
  const { contract, findings } = await lintTree(tree, rules, defaultConfig, null, 0, store);
  return {
    findings: new Map(findings.map(({ rule, file, line, confidence }) => [`${rule} ${file}:${line}`, confidence])),
    cells: new Map(negotiationOf(contract).cells.map((cell) => [`${cell.importer} | ${cell.exporter}`, cell.verdict])),
  };
}

/** What a part of a tree says with more certainty than the whole. What only the part says may be told with low confidence. */
function surer(part: Said, whole: Said): readonly string[] {
  const findings = [...part.findings].filter(
    ([key, confidence]) => certainty[confidence] > certainty[whole.findings.get(key) ?? 'low'],
  );
  const cells = [...part.cells].filter(([key, verdict]) => verdict !== 'unknown' && verdict !== whole.cells.get(key));
  return [...findings, ...cells].map(([key, said]) => `${key}: ${said}`);
}

/** The core of a fixture tree, and its drivers of several files with the headers that they share. */
function driversOfSeveralFiles(tree: SourceTree): SourceTree {
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const own = tree.sources.filter((path) => path.startsWith('include/') || tree.has(`${folderOf(path)}/Makefile`));
  const makefiles = own.map((path) => `${folderOf(path)}/Makefile`).filter((path) => tree.has(path));
  const paths = new Set([...coreFiles, ...own, ...makefiles]);
  return openMemory(tree.name, Object.fromEntries([...paths].map((path) => [path, tree.read(path) ?? ''])));
}

describe('a tree without one of its files says nothing with more certainty than the whole', () => {
  for (const folder of Object.values(fixtureTrees))
    it(folder, async () => {
      const fixture = openFolder(join(fixturesFolder, folder));
      const tree = rememberingTree(whole.includes(folder) ? fixture : driversOfSeveralFiles(fixture));
      const store = createUnitStore();
      const saidOfAll = await saidOf(tree, store);
      for (const path of tree.sources.filter((one) => one.endsWith('.c')))
        assert.deepEqual(surer(await saidOf(overlayTree(tree, new Map([[path, null]])), store), saidOfAll), [], path);
    });
});
