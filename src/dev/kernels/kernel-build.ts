import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** What a kernel's build needs beside gcc and make, and Debian's packages of it. */
const tools: readonly string[] = ['make', 'gcc', 'flex', 'bison', 'bc', 'ld'];

/** Why a kernel cannot be built here, or null. CI says that it can. */
export function missingTools(): string | null {
  if (process.env['DMABUF_LINT_NEED_BUILD']) return null;
  const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : null;
}

/** Runs a kernel's make with another folder for what it makes. It has to succeed. */
export function makeKernel(
  { tree, build }: { readonly tree: string; readonly build: string },
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const made = spawnSync('make', [`-j${availableParallelism()}`, `O=${build}`, ...args], {
    cwd: tree,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 28,
  });
  assert.equal(made.status, 0, made.stderr.slice(-2000));
  return made;
}
