import { ConfigError } from '../../lint/config/config.js';
import type { CommandContext } from '../cli/context.js';
import { inPaths, narrowed } from './narrow/narrow.js';
import type { ScanTarget } from './narrow/scan-target.js';
import type { LeftToAnother, Scanned, ScanRequest } from './scan-request.js';
import { isOnDisk, scanTree } from './scan-tree.js';

const onDisk = { kind: 'work-tree' } as const;

/**
 * Scans what the user names. Files and folders are scanned with the code around them, unless the request needs the whole
 * tree: to compare it, or to try fixes.
 * @throws InputError, ConfigError, UserError
 */
export async function scanWanted(
  what: ScanTarget,
  request: ScanRequest & { readonly whole?: boolean },
  context: CommandContext,
): Promise<Scanned | LeftToAnother> {
  const { since, staged, revision, target, whole = false, leavesToAnother = false } = request;
  const asksTree = since !== undefined || Boolean(staged) || revision !== undefined || target !== undefined;
  if (what.kind === 'tree') return await scanTree(what.folder, request, context);
  if (what.kind === 'module' && (asksTree || whole))
    throw new ConfigError(
      '--kernel scans the files of a module as they are; leave out what asks git, fixes, or --whole',
    );
  // Of a sparse checkout, the code around what is named may be in git only.
  const needsTree = asksTree || whole || (what.kind === 'part' && !(await isOnDisk(what.folder, onDisk, context)));
  if (what.kind === 'module' || !needsTree) {
    if (leavesToAnother) return { kind: 'left', walk: null };
    const { scanModule, scanPart } = await import('./narrow/scan-part.js');
    return what.kind === 'part' ? await scanPart(what, request, context) : await scanModule(what, request, context);
  }
  const scanned = await scanTree(what.folder, { ...request, paths: what.paths }, context);
  if (scanned.kind === 'left') return scanned;
  const outcome = narrowed(scanned.outcome, inPaths(what.paths));
  return { ...scanned, outcome, hasGaps: outcome.facts.notAnalysed.length > 0 };
}
