import { rules } from '../../../rules/index.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder, type SourceTree } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig, type Result } from '../../lint/index.js';
import { createUnitStore } from '../../program/index.js';
import { kernelTree } from './kernel-cache.js';

/** A kernel tree with its analysis. */
export interface AnalysedKernel {
  readonly root: string;
  /** Keeps the texts that it has read. */
  readonly tree: SourceTree;
  readonly clean: Result;
  /** Analyses a tree with a few changed files; reuses what is known of the others. */
  analyse(changed: SourceTree): Promise<Result>;
}

const analysed = new Map<string, Promise<AnalysedKernel>>();

/**
 * Analyses a kernel, once in this process.
 * @param version a version (`6.12`) or a series (`7.x`)
 * @throws Error if its tree is not in the cache
 */
export function analysedKernel(version: string): Promise<AnalysedKernel> {
  const known = analysed.get(version) ?? analyseKernel(kernelTree(version));
  analysed.set(version, known);
  return known;
}

/** Analyses a kernel tree, or a part of one. @param root a folder that does not change while the analysis is in use */
export async function analyseKernel(root: string): Promise<AnalysedKernel> {
  const tree = rememberingTree(openFolder(root));
  const store = createUnitStore();
  const lint = (changed: SourceTree) => lintTree(changed, rules, defaultConfig, null, performance.now(), store);
  return { root, tree, clean: await lint(tree), analyse: lint };
}
