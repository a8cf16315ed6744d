import { ConfigError } from '../../lint/config/config.js';

export interface FixOptions {
  /** Makes the fixes that are proven right, in the tree. */
  readonly fix?: boolean;
  /** Writes the fixes as patches: to a file or folder, or for `true` to standard output, in place of the findings. */
  readonly fixPatch?: string | true;
  /** Whether the user signs the patches off: only a person can certify the origin of a change. */
  readonly signoff?: boolean;
}

/** Where fixes go: into the tree, or into patches, for `true` on standard output. */
export type FixTarget = { readonly kind: 'tree' } | PatchTarget;

/** Patches that are to be written. */
export interface PatchTarget {
  readonly kind: 'patches';
  readonly out: string | true;
  readonly isSigned: boolean;
}

/** What the options ask for. @throws ConfigError */
export function fixTarget({ fix, fixPatch, signoff = false }: FixOptions): FixTarget | undefined {
  if (fix && fixPatch !== undefined) throw new ConfigError('--fix and --fix-patch exclude each other');
  if (signoff && fixPatch === undefined) throw new ConfigError('--signoff is for the patches of --fix-patch');
  if (fixPatch !== undefined) return { kind: 'patches', out: fixPatch === '-' ? true : fixPatch, isSigned: signoff };
  return fix ? { kind: 'tree' } : undefined;
}
