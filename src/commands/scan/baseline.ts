import { join } from 'node:path';
import { baselineName, formatBaseline } from '../../lint/baseline/baseline-file.js';
import { matchBaseline, renewedEntries } from '../../lint/index.js';
import { escapeForTerminal } from '../../report/index.js';
import { findConfig } from '../cli/config.js';
import { type CommandContext, standardStream, writeUserFiles } from '../cli/context.js';
import { lookedAt, readBaseline } from './only-new.js';
import { scanTree } from './scan-tree.js';

export interface BaselineOptions {
  readonly output?: string;
  readonly config?: string;
  /** Whether what earlier runs found may be used. */
  readonly cache?: boolean;
}

/**
 * `dmabuf-lint baseline [tree]`: writes the findings to a file, so that later scans report only new ones. The reasons
 * that people wrote into the former file are kept.
 * @returns the exit code
 * @throws InputError, ConfigError, OutputError
 */
export async function baseline(folder: string, options: BaselineOptions, context: CommandContext): Promise<number> {
  const started = performance.now();
  const { terminal } = context;
  const config = await findConfig(folder, options.config, context);
  const path = options.output ?? config.baseline ?? join(folder, baselineName);
  // Before the scan: nobody should wait for a scan to learn that the file is broken.
  const isPrinted = path === standardStream;
  const former = isPrinted ? null : readBaseline(path, context);
  terminal.progress('scanning');
  const scanning = scanTree(folder, { ...options, baseline: false, started }, context);
  const scanned = await scanning.finally(() => terminal.progress(null));
  if (scanned.kind === 'left') throw new Error('nobody is there to do the rest');
  const { tree, outcome } = scanned;
  const match = matchBaseline(former?.entries ?? [], outcome.findings, lookedAt(tree, outcome.facts, config));
  const entries = renewedEntries(match);
  // What the tree's own files say, the tree's own links must not lead elsewhere.
  const within = options.output === undefined && (config.baseline === null || options.config === undefined);
  await writeUserFiles(context, [{ path, text: formatBaseline(entries), ...(within ? { tree: folder } : {}) }]);
  const counts = [
    `${match.introduced.length} new`,
    `${match.unchanged.length} kept`,
    `${match.fixed.length} fixed and dropped`,
    ...(match.notLookedAt.length > 0 ? [`${match.notLookedAt.length} kept that were not checked`] : []),
  ];
  const number = `${entries.length} ${entries.length === 1 ? 'finding' : 'findings'}`;
  const tell = isPrinted ? terminal.writeError : terminal.write;
  tell(`${escapeForTerminal(`${isPrinted ? 'baseline' : path}: ${number}: ${counts.join(', ')}`)}\n`);
  if (!isPrinted && !former && config.baseline !== path)
    terminal.writeError(`${escapeForTerminal(`to leave these findings out: dmabuf-lint scan --baseline ${path}`)}\n`);
  return 0;
}
