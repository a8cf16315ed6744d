import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { rules } from '../../../rules/index.js';
import { cacheFolders } from '../../base/disk-cache.js';
import { temporaryFolder } from '../../base/environment.js';
import { openFolder } from '../../input/tree/tree.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import { factsOnce } from '../../lint/facts/facts-once.js';
import { openFactsStore } from '../../lint/facts/facts-store.js';
import type { Finding } from '../../lint/index.js';
import { escapeForTerminal } from '../../report/index.js';
import { findConfig } from '../cli/config.js';
import type { CommandContext } from '../cli/context.js';
import { scanTarget } from '../scan/narrow/scan-target.js';
import { scanWanted } from '../scan/scan-wanted.js';

/**
 * The findings of a whole tree, since one file alone does not show who attaches, pins and calls. They are kept for the
 * next file. If make starts several processes at a time, one analyses and the others wait for it.
 */
export async function findingsOfTree(root: string, context: CommandContext): Promise<readonly Finding[]> {
  const tree = openFolder(root);
  const config = await findConfig(root, undefined, context);
  const store = openFactsStore(config, cacheFolders(context.env).trees);
  const look = async () => factsOf(await lintTree(tree, rules, config));
  const facts = await factsOnce(store, identityOf(root, tree.sources), look, temporaryFolder(context.env));
  return facts.findings;
}

/** A module that is built with `make M=`: its folder, and the kernel or its headers. */
export interface Module {
  readonly root: string;
  readonly kernel: string;
}

/** The findings of a module outside of the tree, with the kernel that it is built for. Their paths are absolute. */
export async function findingsOfModule({ root, kernel }: Module, context: CommandContext): Promise<readonly Finding[]> {
  const target = scanTarget([root], kernel, context);
  const scanned = await scanWanted(target, { started: performance.now() }, context);
  return scanned.kind === 'scanned' ? scanned.outcome.findings : [];
}

/** What the build itself writes into the tree while it runs. */
const generated = /^(?:include|arch\/\w+\/include)\/(?:generated|config)\/|\.mod\.c$/;

/** Size and time of every source: reading them all would take longer than compiling one. */
function identityOf(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of sources) {
    if (generated.test(path)) continue;
    const { size, mtimeMs } = statSync(join(root, path), { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return `kbuild ${root} ${hash.digest('hex')}`;
}

/**
 * A finding as gcc prints a warning, whatever its severity: make would take an error for one of the build.
 * @param file the file as make called it
 * @param folders the top of the tree, and where make is
 */
export function warningLines(
  { line, column, message, rule, trace }: Finding,
  file: string,
  { root, cwd }: { readonly root: string; readonly cwd: string },
): readonly string[] {
  // Other files are named as make names this one: absolute, or relative to the folder of make.
  const place = (path: string): string => (isAbsolute(file) ? resolve(root, path) : relative(cwd, resolve(root, path)));
  return [
    `${file}:${line}:${column}: warning: ${message} [${rule}]`,
    ...trace.map((step) => `${place(step.file)}:${step.line}:1: note: ${step.message}`),
  ].map((text) => `${escapeForTerminal(text)}\n`);
}
