import { UserError } from '../../base/errors.js';

/** What the user of `npm run kernel` asked for. */
export type KernelRequest = { readonly kind: 'list' } | { readonly kind: 'get'; readonly version: string };

const EXACT = /^\d+\.\d+$/;
const SERIES = /^\d+\.x$/;

/**
 * Reads the command line of `npm run kernel`.
 *
 * @param args what follows the script's own name
 * @returns the request: a version (`6.12`), the newest of a series (`7.x`), or the list
 * @throws Error with one line that says how to call it
 */
export function parseArguments(args: readonly string[]): KernelRequest {
  const [first, ...rest] = args;
  if (first === undefined) throw new Error('say which kernel: npm run kernel -- 6.12 (or 7.x, or --list)');
  if (rest.length > 0) throw new Error(`one kernel at a time, not ${args.length}: ${args.join(' ')}`);
  if (first === '--list') return { kind: 'list' };
  checkVersion(first);
  return { kind: 'get', version: first };
}

/**
 * @param version what should be a version (`6.12`) or a series (`7.x`)
 * @throws UserError with one line if it is neither
 */
export function checkVersion(version: string): void {
  if (!EXACT.test(version) && !SERIES.test(version)) {
    throw new UserError(
      `'${version}' is no kernel version: write major.minor (6.12), or major.x for the newest of a series (7.x)`,
    );
  }
}

/**
 * @param text one name a line, of packages or of folders
 * @param prefix what stands before the version in each name
 * @returns the versions among them, oldest first, each once
 */
export function versionsIn(text: string, prefix: string): readonly string[] {
  const names = text.split('\n').map((line) => line.trim());
  const versions = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return [...new Set(versions.filter((version) => EXACT.test(version)))].sort(compareVersions);
}

/**
 * @param wanted a version (`6.12`) or a series (`7.x`)
 * @param available versions in any order
 * @returns the newest of them that is meant, or undefined if there is none
 */
export function chooseVersion(wanted: string, available: readonly string[]): string | undefined {
  const matching = SERIES.test(wanted)
    ? available.filter((version) => version.startsWith(wanted.slice(0, -1)))
    : available.filter((version) => version === wanted);
  return [...matching].sort(compareVersions).at(-1);
}

function compareVersions(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}
