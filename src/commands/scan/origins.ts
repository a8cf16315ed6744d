import { openHistory } from '../../input/git/history.js';
import { type CommandContext, userPath } from '../cli/context.js';
import { fixesLine } from '../fix/fix-patches.js';
import { withOrigins } from '../fix/origin/brought-in.js';
import type { Scanned } from './scan-request.js';

/** The tree that was scanned, as the user names it. */
interface Asked {
  readonly folder: string;
  readonly cache: boolean;
  /** Whether the findings are those of the commit itself, and not of the files on disk. */
  readonly isCommit: boolean;
}

/**
 * The commits that brought the findings of a scan in, as `Fixes:` lines, by fingerprint. This analyses older revisions.
 * @returns an empty map where there is no history
 */
export async function originsOf(
  { outcome, config }: Scanned,
  { folder: name, cache, isCommit }: Asked,
  context: CommandContext,
): Promise<ReadonlyMap<string, string>> {
  const { findings, revision, textOf } = outcome;
  if (revision === null) return new Map();
  const folder = userPath(context, name);
  const history = isCommit ? null : await openHistory(folder, context.env).catch(() => null);
  if (!isCommit && !history) return new Map();
  const request = { folder, revision, uncommitted: history?.uncommitted ?? new Set<string>(), config, cache, textOf };
  return await withOrigins(request, context, async (search) => {
    const lines = new Map<string, string>();
    for (const [index, finding] of findings.entries()) {
      context.terminal.progress(`asking the history: finding ${index + 1} of ${findings.length}`);
      const commit = await search?.broughtIn(finding);
      if (commit) lines.set(finding.fingerprint, fixesLine(commit));
    }
    context.terminal.progress(null);
    return lines;
  });
}
