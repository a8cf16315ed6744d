import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { memoryFolder } from './memory-folder.js';

describe('the folder in memory in which tests keep their files', () => {
  it('is empty and open to everybody, or is not made', () => {
    const shared = mkdtempSync(join(tmpdir(), 'shared-'));
    const folder = memoryFolder(shared);
    // A machine with little memory has none.
    if (folder === null) assert.deepEqual(readdirSync(shared), []);
    else assert.deepEqual([readdirSync(folder), statSync(folder).mode & 0o7777], [[], 0o1777]);
    rmSync(shared, { recursive: true });
  });

  it('is not made where there is no such file system, or where nothing can be written', () => {
    for (const shared of ['/nonexistent', '/proc']) assert.equal(memoryFolder(shared), null);
  });
});
