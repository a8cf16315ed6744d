import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What has to be free in memory before tests keep their files there, in bytes. They need some hundred megabytes. */
const needed = { space: 2 * 2 ** 30, memory: 4 * 2 ** 30 } as const;

/**
 * Makes a folder in memory for the files of tests. They make and remove thousands of small ones, which costs the system
 * half as much there as on a disk.
 * @param shared where a file system in memory is mounted
 * @returns its path; null where there is too little room, or where no program can run there
 */
export function memoryFolder(shared = '/dev/shm'): string | null {
  let folder: string | undefined;
  try {
    const { bavail, bsize } = statfsSync(shared);
    if (bavail * bsize < needed.space || availableMemory() < needed.memory) return null;
    folder = mkdtempSync(join(shared, 'dmabuf-lint-tests-'));
    chmodSync(folder, 0o1777); // as /tmp: some tests run programs as another user
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    if (spawnSync(program).status === 0) {
      rmSync(program);
      return folder;
    }
  } catch {
    // It is not there, or nobody may write to it.
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  return null;
}

/** How much memory programs can get, in bytes. */
function availableMemory(): number {
  const [, kilobytes = '0'] = /^MemAvailable: *(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
