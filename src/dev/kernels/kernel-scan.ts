import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolIdentity } from '../../base/tool-identity.js';
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
  /** It prints as for NIPA; the summary is what NIPA's descriptor got. */
  readonly run: ColdRun;
  readonly result: ReturnType<typeof jsonResult>;
  /** The path of what it wrote in a format. */
  pathOf(format: FileFormat): string;
}

/**
 * Scans a kernel, once for each build of the tool: of several tests that ask, in whatever processes, one scans, and the
 * others wait for it. A scan of a kernel takes several seconds of both processors.
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

/** Does the work while no other process does. @returns false if another one does; a process that is no more does not count */
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

/** What older builds found is of no use to anybody; a new one may be that of another checkout, whose tests run now. */
function removeOthers(builds: string, build: string): void {
  for (const path of readdirSync(builds).map((name) => join(builds, name)))
    if (path !== build && Date.now() - statSync(path).mtimeMs > dayOfMilliseconds)
      rmSync(path, { recursive: true, force: true });
}
