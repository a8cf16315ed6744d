import { ConfigError } from '../../lint/config/config.js';

export interface FixOptions {
  /** Makes the fixes that are proven right, in the tree. */
  readonly fix?: boolean;
  /** Writes the fixes as patches: to a file or folder, or for `true` to standard output, in place of the findings. */
  readonly fixPatch?: string | true;
}

/** Where fixes go: into the tree, or into patches, for `true` on standard output. */
export type FixTarget = { readonly kind: 'tree' } | { readonly kind: 'patches'; readonly out: string | true };

/** What the options ask for. @throws ConfigError */
export function fixTarget({ fix, fixPatch }: FixOptions): FixTarget | undefined {
  if (fix && fixPatch !== undefined) throw new ConfigError('--fix and --fix-patch exclude each other');
  if (fixPatch !== undefined) return { kind: 'patches', out: fixPatch === '-' ? true : fixPatch };
  return fix ? { kind: 'tree' } : undefined;
}
