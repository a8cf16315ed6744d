import { ConfigError } from '../../lint/config/config.js';

export interface FixOptions {
  /** Changes the tree where that is sure to be right. */
  readonly fix?: boolean;
  /** Writes that as patches: to a file or folder, or for `true` to standard output, in place of the findings. */
  readonly fixPatch?: string | true;
}

/** What becomes of the fixes: they go into the tree, or into patches, for `true` on standard output. */
export type FixTarget = { readonly kind: 'tree' } | { readonly kind: 'patches'; readonly out: string | true };

/** What the options ask for. @throws ConfigError */
export function fixTarget({ fix, fixPatch }: FixOptions): FixTarget | undefined {
  if (fix && fixPatch !== undefined) throw new ConfigError('--fix and --fix-patch exclude each other');
  if (fixPatch !== undefined) return { kind: 'patches', out: fixPatch };
  return fix ? { kind: 'tree' } : undefined;
}
