import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolIdentity } from '../../base/package/tool-identity.js';
import type { jsonResult } from '../../report/formats/json.js';
import { type ColdRun, coldRun } from '../bench/cold-run.js';
import { kernelsFolder, kernelTree } from './kernel-cache.js';

/** What `scan` writes of a kernel into files, by format. */
const files = {
  json: 'scan.json',
  sarif: 'all.sarif',
  junit: 'all.xml',
  gitlab: 'all.json',
  github: 'all.txt',
} as const;
type FileFormat = keyof typeof files;

/** One cold scan of a kernel by this build of the tool, in all formats that a test asks for. */
export interface KernelScan {
  /** It runs with `--format nipa`; the summary is what it wrote to NIPA's descriptor. */
  readonly run: ColdRun;
  readonly result: ReturnType<typeof jsonResult>;
  /** The path of what it wrote in a format. */
  pathOf(format: FileFormat): string;
}

/**
 * Scans a kernel, once for each build of the tool. When several test processes ask, one scans and the others wait: a scan
 * keeps two processors busy for several seconds. The build's identity changes with every file of the tool, so a result is
 * never that of other code.
 * @param version a version (`6.12`) or a series (`7.x`) whose tree is in the cache
 * @throws Error if the tree is not in the cache
 */
export async function scanOfKernel(version: string): Promise<KernelScan> {
  const tree = kernelTree(version);
  const builds = join(dirname(kernelsFolder()), 'tests');
  const build = join(builds, toolIdentity().slice(0, 16));
  const folder = join(build, basename(tree));
  mkdirSync(folder, { recursive: true });
  removeOthers(builds, build);
  const answer = join(folder, 'run.json');
  while (!existsSync(answer))
    if (!(await withLock(join(folder, 'lock'), () => scan(tree, folder, answer)))) await sleep(100);
  const pathOf = (format: FileFormat): string => join(folder, files[format]);
  return {
    run: JSON.parse(readFileSync(answer, 'utf8')),
    result: JSON.parse(readFileSync(pathOf('json'), 'utf8')),
    pathOf,
  };
}

async function scan(tree: string, folder: string, answer: string): Promise<void> {
  if (existsSync(answer)) return;
  const outputs = Object.entries(files).flatMap(([format, name]) => ['--output', `${format}=${join(folder, name)}`]);
  const run = await coldRun(['scan', tree, '--no-cache', '--format', 'nipa', ...outputs]);
  if (run.exitCode !== 0 && run.exitCode !== 1)
    throw new Error(`scan of ${tree} ended with ${run.exitCode}: ${run.stderr}`);
  const written = `${answer}.${process.pid}`;
  writeFileSync(written, JSON.stringify(run));
  renameSync(written, answer);
}

/** Does the work unless another process that still runs does it. @returns whether the work was done here */
async function withLock(path: string, work: () => Promise<void>): Promise<boolean> {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch {
    if (!isAlive(path)) rmSync(path, { force: true });
    return false;
  }
  try {
    await work();
  } finally {
    rmSync(path, { force: true });
  }
  return true;
}

function isAlive(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // The file is empty for an instant after it was made.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const dayOfMilliseconds = 24 * 60 * 60 * 1000;

/** Removes the results of old builds. A recent one may belong to another checkout whose tests are running. */
function removeOthers(builds: string, build: string): void {
  for (const path of readdirSync(builds).map((name) => join(builds, name)))
    if (path !== build && Date.now() - statSync(path).mtimeMs > dayOfMilliseconds)
      rmSync(path, { recursive: true, force: true });
}
