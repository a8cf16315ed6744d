import type { Macro } from '../unit.js';

/** What is known of a macro at one point of a file. */
export type KnownMacro =
  /** It is defined, and so. */
  | { readonly kind: 'defined'; readonly macro: Pick<Macro, 'parameters' | 'body'> }
  | { readonly kind: 'undefined' }
  /** It is defined under a condition that is not decided: the ways in which it may be defined. */
  | { readonly kind: 'open'; readonly ways: readonly Pick<Macro, 'parameters' | 'body'>[] };

/** The macros that are known before a file begins. Of a name that is not in it nothing is known. */
export interface MacroTable {
  readonly macros: ReadonlyMap<string, KnownMacro>;
  /** A text that is equal for equal tables. */
  readonly digest: string;
  /** Whether a macro beside those of the kernel asks for the version. */
  readonly asksVersion: boolean;
}

/** No macro is known. */
export const noMacros: MacroTable = { macros: new Map(), digest: '', asksVersion: false };

/** A kernel's version: VERSION, PATCHLEVEL and SUBLEVEL of its Makefile. */
export type VersionNumbers = readonly [number, number, number];

/** The number of a version, as the kernel counts: the last part stops at 255. */
function versionCode([major, minor, patch]: VersionNumbers): number {
  return major * 65536 + minor * 256 + Math.min(patch, 255);
}

/** The names that say which kernel is built. Source: Makefile, the rule of include/generated/uapi/linux/version.h. */
export const versionMacros: readonly string[] = ['LINUX_VERSION_CODE', 'KERNEL_VERSION'];

/**
 * The macros that every file of a kernel is compiled with.
 * @param version null where the tree does not say which it is: then nothing that depends on it is decided
 */
export function kernelMacros(version: VersionNumbers | null): MacroTable {
  const defined = (body: string, parameters: readonly string[] | null = null): KnownMacro => ({
    kind: 'defined',
    macro: { parameters, body },
  });
  const macros = new Map<string, KnownMacro>([
    ['__KERNEL__', defined('1')],
    ['__cplusplus', { kind: 'undefined' }],
    ['KERNEL_VERSION', defined('(((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))', ['a', 'b', 'c'])],
  ]);
  if (!version) return { macros, digest: 'kernel', asksVersion: false };
  macros.set('LINUX_VERSION_CODE', defined(String(versionCode(version))));
  macros.set('LINUX_VERSION_MAJOR', defined(String(version[0])));
  macros.set('LINUX_VERSION_PATCHLEVEL', defined(String(version[1])));
  macros.set('LINUX_VERSION_SUBLEVEL', defined(String(version[2])));
  return { macros, digest: `kernel ${version.join('.')}`, asksVersion: false };
}
