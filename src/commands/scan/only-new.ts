import { existsSync, readFileSync } from 'node:fs';
import type { SourceTree } from '../../input/tree/tree.js';
import { parseBaseline } from '../../lint/baseline/baseline-file.js';
import {
  type Baseline,
  type Config,
  ConfigError,
  type Looked,
  matchBaseline,
  type Sifted,
  siftByBaseline,
  type TreeFacts,
} from '../../lint/index.js';
import { isPathLeftOut } from '../../program/paths.js';
import { type CommandContext, readStandardInput, standardStream, userPath } from '../cli/context.js';

/**
 * Reads a baseline.
 * @param name the file, as the user names it
 * @returns null if there is no such file
 * @throws ConfigError where it cannot be read, or holds what it should not
 */
export function readBaseline(name: string, context: Pick<CommandContext, 'cwd'>): Baseline | null {
  const path = userPath(context, name);
  if (!existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(`${name}: cannot be read; name a baseline`);
  }
  return parseBaseline(text, name);
}

/** The baseline that a scan must use. @throws ConfigError if it is missing, or cannot be read */
export function wantedBaseline(name: string, context: Pick<CommandContext, 'cwd'>): Baseline {
  const baseline = readBaseline(name, context);
  if (!baseline)
    throw new ConfigError(`${name}: no such baseline; write it with dmabuf-lint baseline --output ${name}`);
  return baseline;
}

/** The baseline that the user names: a file, or `-` for standard input. @throws ConfigError */
export async function givenBaseline(name: string, context: Pick<CommandContext, 'cwd' | 'stdin'>): Promise<Baseline> {
  if (name !== standardStream) return wantedBaseline(name, context);
  return { ...parseBaseline(await readStandardInput(context), 'standard input'), path: 'standard input' };
}

/** What a run looked at: this decides whether an entry of a baseline is fixed, or only was not looked at. */
export function lookedAt(tree: SourceTree, { notAnalysed }: Pick<TreeFacts, 'notAnalysed'>, config: Config): Looked {
  const files = new Set([...tree.sources, ...tree.documentation]);
  const gaps = new Set(notAnalysed.map(({ file }) => file));
  return {
    hasFile: (file) => files.has(file),
    looksAt: (rule, file) =>
      config.rules[rule] !== 'off' && !gaps.has(file) && !(files.has(file) && isPathLeftOut(file, config.exclude)),
  };
}

/** The findings of a result that a baseline does not have. */
export function siftBaseline(
  baseline: Baseline,
  tree: SourceTree,
  facts: Pick<TreeFacts, 'findings' | 'notAnalysed'>,
  config: Config,
): Sifted {
  return siftByBaseline(baseline, matchBaseline(baseline.entries, facts.findings, lookedAt(tree, facts, config)));
}
