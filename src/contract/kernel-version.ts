import type { SourceTree } from '../input/tree/tree.js';

/** Returns the version in the Makefile of a tree, as in `6.12.4-rc1`, or null where it has none. */
export function kernelVersion(tree: SourceTree): string | null {
  const makefile = tree.read('Makefile');
  const word = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*=[ \\t]*(\\S*)`, 'm').exec(makefile ?? '')?.[1];
  const version = word('VERSION');
  if (!version || !/^\d+$/.test(version)) return null;
  const numbers = [version, word('PATCHLEVEL'), word('SUBLEVEL')].filter((part) => part !== undefined && part !== '');
  return numbers.join('.') + (word('EXTRAVERSION') ?? '');
}
