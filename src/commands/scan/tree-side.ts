import type { TreeSide } from '../../input/git/sides/tree-side.js';
import { ConfigError } from '../../lint/config/config.js';
import { type CommandContext, userPath } from '../cli/context.js';

/** The options that name a state of a tree. */
export interface SideOptions {
  /** What is staged, instead of the files of the work tree. */
  readonly staged?: boolean;
  /** A revision, instead of the files of the work tree. */
  readonly revision?: string;
}

/** The state of the tree that the options name. @throws ConfigError */
export function sideOf({ staged = false, revision }: SideOptions, context: CommandContext): TreeSide {
  if (staged && revision !== undefined) throw new ConfigError('--staged and --revision exclude each other');
  if (revision !== undefined) return { kind: 'revision', revision };
  if (!staged) return { kind: 'work-tree' };
  // Git names its hooks the index of the commit that is being made: that of `git commit <file>` is another one.
  const file = context.env['GIT_INDEX_FILE'];
  return { kind: 'staged', index: { file: file ? userPath(context, file) : null } };
}
