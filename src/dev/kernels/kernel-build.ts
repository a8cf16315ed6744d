import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from './kernel-cache.js';
import { copyTree } from './kernel-copy.js';

/** What a kernel's build needs beside gcc and make, and Debian's packages of it. */
const tools: readonly string[] = ['make', 'gcc', 'flex', 'bison', 'bc', 'ld'];

/** Why a kernel cannot be built here, or null. In CI the tools must be there. */
export function missingTools(): string | null {
  if (process.env['DMABUF_LINT_NEED_BUILD']) return null;
  const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : null;
}

/** A copy of a kernel tree with every driver configured, to be changed with replaceFile(). */
export interface KernelBuild {
  readonly tree: string;
  /** Runs the kernel's make for targets or settings. It has to succeed. @returns what it printed */
  make(args: readonly string[], environment?: Readonly<Record<string, string>>): { readonly stderr: string };
}

/**
 * What makes a build slow and finds nothing in a driver's code: the compiler's own checks at run time, versions, and the
 * headers for programs, which are made anew each time.
 */
const leftOut: readonly string[] = [
  'GCC_PLUGINS',
  'GCOV_KERNEL',
  'HEADERS_INSTALL',
  'KASAN',
  'KCOV',
  'KCSAN',
  'KMSAN',
  'MODVERSIONS',
  'UBSAN',
];

/** The drivers of which something is compiled. The C files of others are not in the copy, so that nobody analyses them. */
const drivers: readonly string[] = [
  ...['accel', 'dma-buf', 'gpu/drm/amd', 'gpu/drm/omapdrm', 'gpu/drm/virtio', 'infiniband/core', 'iommu'],
  ...['media/common', 'vfio', 'xen'],
];

const builds = new Map<string, Promise<KernelBuild>>();

/**
 * Copies a kernel and configures it, once in this process: building the kernel's own tools takes most of a minute.
 * The copy is removed when the tests of this process are done. A test that changes the copy must undo the change.
 * @param version a version (`6.12`) or a series (`7.x`)
 */
export function kernelBuild(version: string): Promise<KernelBuild> {
  const known = builds.get(version) ?? configure(version);
  builds.set(version, known);
  return known;
}

let folder: string | undefined;
after(async () => {
  if (folder !== undefined) await removeWorkFolder(folder);
});

async function configure(version: string): Promise<KernelBuild> {
  folder ??= await makeWorkFolder(kernelsFolder());
  const tree = join(folder, version);
  await copyTree(kernelTree(version), tree, []);
  const kept = drivers.flatMap((name) => ['-not', '-path', join(tree, 'drivers', name, '*')]);
  execFileSync('find', [join(tree, 'drivers'), join(tree, 'sound'), '-name', '*.c', ...kept, '-delete']);
  const build = join(folder, `${version}-build`);
  mkdirSync(build);
  const make: KernelBuild['make'] = (args, environment = {}) => {
    // Without objtool, which takes longer to be built than all that it would check. No object is linked.
    const settings = [`-j${availableParallelism()}`, `O=${build}`, 'CONFIG_OBJTOOL='];
    const made = spawnSync('make', [...settings, ...args], {
      cwd: tree,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      maxBuffer: 1 << 28,
    });
    assert.equal(made.status, 0, made.stderr.slice(-2000));
    return made;
  };
  const settings = join(folder, `${version}-settings`);
  writeFileSync(settings, leftOut.map((name) => `# CONFIG_${name} is not set\n`).join(''));
  make(['allmodconfig'], { KCONFIG_ALLCONFIG: settings });
  return { tree, make };
}
