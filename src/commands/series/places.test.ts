import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { copyFixture } from '../../dev/examples/example-tree.js';
import { run as runCommand } from '../../dev/examples/run-command.js';

let top: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'places-'));
  copyFixture('invalidate-mappings', join(top, 'linux'));
});
after(() => rmSync(top, { recursive: true }));

const head = 'From: A. Developer <dev@example.org>\nSubject: [PATCH] something\n\nwords\n---\n\n';

describe('a part of a patch that names no file', () => {
  const parts: Readonly<Record<string, string>> = {
    'with an empty path': 'diff --git a/ b/\nnew file mode 100644\n',
    'with an empty path in quotes': 'diff --git "a/" "b/"\n--- "a/"\n+++ "b/"\n@@ -1 +1 @@\n-old\n+new\n',
    'of a binary file': 'diff --git x y\nindex 1..2\nGIT binary patch\nliteral 0\n',
  };
  for (const [what, diff] of Object.entries(parts))
    it(`has the place of its mail: ${what}`, async () => {
      // A blank line before the mail, which begins at the second line.
      writeFileSync(join(top, 'series.mbox'), `\n${head}${diff}`);
      const { code, stdout } = await runCommand(['series', 'series.mbox', '--tree', 'linux', '--format', 'gcc'], {
        cwd: top,
      });
      assert.match(stdout, /^series\.mbox:2:1: error: patch 1 does not apply to linux 7\.2\.0: this file: /);
      assert.equal(code, 1);
    });
});
