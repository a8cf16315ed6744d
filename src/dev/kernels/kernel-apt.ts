import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './kernel-run.js';
import {
  type AptTarget,
  INDEX_TARGET_FORMAT,
  parseDeb822Sources,
  parseIndexTargets,
  parseOneLineSources,
  privateSuites,
  sourcesList,
} from './kernel-sources.js';
import { versionsIn } from './kernel-versions.js';

/** An apt that keeps all its state in one folder. `problem` says what of its suites could not be read, if anything. */
export interface PrivateApt {
  readonly folder: string;
  readonly problem: string | null;
}

const PACKAGE = 'linux-source-';
const KEYRINGS = ['gpg', 'pgp'].map((suffix) => `/usr/share/keyrings/debian-archive-keyring.${suffix}`);

// The machine's hooks clean its archives or notify desktop services: a private apt must not run them.
const APT_CONF = `#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;

/**
 * Sets up a private apt from the machine's own mirror and reads the package indices.
 *
 * @param folder an empty folder that it may fill; nothing outside is changed, and root is not needed
 * @param signal stops it early
 * @returns the apt; its `problem` names the suites that could not be read
 * @throws Error with one line if there is no apt, no Debian mirror, or no keyring
 */
export async function openApt(folder: string, signal: AbortSignal): Promise<PrivateApt> {
  const suites = privateSuites(await machineTargets(signal));
  const keyring = KEYRINGS.find((path) => existsSync(path));
  if (keyring === undefined)
    throw new Error('the keyring of the Debian archive is missing: install debian-archive-keyring');
  for (const sub of ['lists/partial', 'cache/archives/partial']) await mkdir(join(folder, sub), { recursive: true });
  await writeFile(join(folder, 'apt.conf'), APT_CONF);
  await writeFile(join(folder, 'sources.list'), sourcesList(suites, keyring));
  try {
    // Without error-mode, apt only warns of an unreachable mirror, and exits with 0.
    const args = [...aptOptions(folder), '-o', 'APT::Update::Error-Mode=any', 'update', '-q'];
    await run('apt-get', args, { signal });
    return { folder, problem: null };
  } catch (error) {
    if (signal.aborted) throw error;
    // One suite that has left the mirror must not hide what the others have.
    return { folder, problem: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param apt from openApt
 * @param signal stops it early
 * @returns the kernel versions whose source is available, oldest first
 * @throws Error with one line if there is none, with what apt complained of
 */
export async function availableVersions(apt: PrivateApt, signal: AbortSignal): Promise<readonly string[]> {
  const names = await run('apt-cache', [...aptOptions(apt.folder), 'pkgnames', PACKAGE], { signal });
  const versions = versionsIn(names, PACKAGE);
  if (versions.length === 0)
    throw new Error(apt.problem ?? `no ${PACKAGE}* package is to be had from this machine's mirror`);
  return versions;
}

/**
 * @param apt from openApt
 * @param version one of availableVersions
 * @param target an existing empty folder
 * @param signal stops it early
 * @returns the path of the package in that folder
 * @throws Error with one line if it cannot be fetched
 */
export function downloadSource(apt: PrivateApt, version: string, target: string, signal: AbortSignal): Promise<string> {
  return downloadPackage(apt, `${PACKAGE}${version}`, target, signal);
}

/**
 * @param apt from openApt
 * @param name a package, as `apt-get download` takes it: `b4`, or `b4/trixie` for that of a release
 * @param target an existing empty folder
 * @param signal stops it early
 * @returns the path of the package in that folder
 * @throws Error with one line if it cannot be fetched
 */
export async function downloadPackage(
  apt: PrivateApt,
  name: string,
  target: string,
  signal: AbortSignal,
): Promise<string> {
  await run('apt-get', [...aptOptions(apt.folder), '-q', 'download', name], { cwd: target, signal });
  const deb = (await readdir(target)).find((file) => file.endsWith('.deb'));
  if (deb === undefined) throw new Error(`apt-get download ${name} left no package behind`);
  return join(target, deb);
}

function aptOptions(folder: string): readonly string[] {
  const settings = [
    `Dir::State=${folder}`,
    `Dir::State::lists=${join(folder, 'lists')}`,
    'Dir::State::status=/dev/null',
    `Dir::Cache=${join(folder, 'cache')}`,
    `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    'Acquire::Retries=3',
  ];
  return ['-c', join(folder, 'apt.conf'), ...settings.flatMap((setting) => ['-o', setting])];
}

async function machineTargets(signal: AbortSignal): Promise<readonly AptTarget[]> {
  const query = ['indextargets', '--format', INDEX_TARGET_FORMAT];
  // Without --no-release-info apt tells the origin, but only of suites whose index is on this machine.
  const withOrigin = await run('apt-get', query, { signal });
  const all = await run('apt-get', [...query, '--no-release-info'], { signal });
  const targets = parseIndexTargets(`${withOrigin}\n${all}`);
  return targets.length > 0 ? targets : configuredSources('/etc/apt');
}

function configuredSources(folder: string): readonly AptTarget[] {
  const parts = join(folder, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const files = [join(folder, 'sources.list'), ...names.map((name) => join(parts, name))].filter((path) =>
    existsSync(path),
  );
  return files.flatMap((path) => {
    if (path.endsWith('.list')) return parseOneLineSources(readFileSync(path, 'utf8'));
    if (path.endsWith('.sources')) return parseDeb822Sources(readFileSync(path, 'utf8'));
    return [];
  });
}
