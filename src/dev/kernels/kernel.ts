import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { availableVersions, downloadSource, openApt } from './kernel-apt.js';
import { cachedTree, cachedVersions, checkRoom, kernelsFolder, unpack, withWorkFolder } from './kernel-cache.js';
import { chooseVersion, parseArguments } from './kernel-versions.js';

export { kernelTree } from './kernel-cache.js';

/**
 * `npm run kernel -- <version>`: makes sure that a kernel tree is in the cache. Progress goes to stderr.
 *
 * @param args the command line
 * @param signal stops it early
 * @returns what belongs on stdout: the path of the tree, or the list of versions
 * @throws Error with one line that says what went wrong
 */
export async function kernel(args: readonly string[], signal: AbortSignal): Promise<string> {
  const request = parseArguments(args);
  const folder = kernelsFolder();
  if (request.kind === 'list') return list(folder, signal);
  const cached = cachedTree(request.version, folder);
  return `${cached ?? (await fetchTree(request.version, folder, signal))}\n`;
}

async function fetchTree(wanted: string, folder: string, signal: AbortSignal): Promise<string> {
  return withWorkFolder(folder, async (work) => {
    await checkRoom(folder);
    progress('reading the package lists');
    const apt = await openApt(join(work, 'apt'), signal);
    const available = await availableVersions(apt, signal);
    const version = chooseVersion(wanted, available);
    if (version === undefined) {
      const reason = apt.problem === null ? '' : ` (${apt.problem})`;
      throw new Error(`linux-source-${wanted} is not to be had, only ${available.join(', ')}${reason}`);
    }
    progress(`fetching linux-source-${version}`);
    const target = join(work, 'package');
    await mkdir(target);
    const deb = await downloadSource(apt, version, target, signal);
    progress(`unpacking linux-source-${version}`);
    return unpack(deb, version, work, folder, signal);
  });
}

async function list(folder: string, signal: AbortSignal): Promise<string> {
  const cached = new Set(cachedVersions(folder));
  const available = await withWorkFolder(folder, async (work) => {
    const apt = await openApt(join(work, 'apt'), signal);
    if (apt.problem !== null) progress(apt.problem);
    return availableVersions(apt, signal);
  });
  return available.map((version) => `${version}${cached.has(version) ? ' (in the cache)' : ''}\n`).join('');
}

function progress(message: string): void {
  process.stderr.write(`kernel: ${message}\n`);
}

async function main(): Promise<void> {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
  try {
    process.stdout.write(await kernel(process.argv.slice(2), controller.signal));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    progress(message.replace(/\s*\n\s*/g, '; '));
    process.exitCode = 1;
  }
}

const script = process.argv[1];
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) await main();
