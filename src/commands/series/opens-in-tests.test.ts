import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run as runCommand } from '../../dev/examples/run-command.js';

const exporter = 'drivers/misc/refuseall/refuseall.c';
const importer = 'drivers/accel/split/split_attach.c';
const suite = `
static struct kunit_case split_cases[] = { {} };
static struct kunit_suite split_suite = { .name = "split", .test_cases = split_cases };
kunit_test_suite(split_suite);
`;

let top: string;
let linux: ExampleRepository;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'opens-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  for (const path of [exporter, importer, 'drivers/accel/split/split.h', 'drivers/accel/split/split_pin.c'])
    linux.write(path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8'));
  linux.commit('an exporter that lets nobody pin, and an importer with a stub');
  linux.git('tag', 'base');
});
after(() => rmSync(top, { recursive: true }));

/** The rules about series that fire when the exporter begins to let pinned importers in. */
async function openExporter(): Promise<readonly string[]> {
  linux.edit(exporter, 'return -EOPNOTSUPP;', 'return dma_buf_attach_revocable(attach) ? 0 : -EOPNOTSUPP;');
  linux.commit('refuseall: let in who can be revoked');
  const { stdout, stderr } = await runCommand(['series', 'HEAD~1..HEAD', '--format', 'json'], { cwd: linux.folder });
  assert.notEqual(stdout, '', stderr);
  return (JSON.parse(stdout).series as readonly { readonly rule: string }[]).map(({ rule }) => rule);
}

describe('an exporter that begins to accept an importer with a stub', () => {
  it('is reported where the importer is a driver', async () => {
    linux.git('checkout', '--quiet', '--detach', 'base');
    assert.deepEqual(await openExporter(), ['opens-before-marked']);
  });

  it('is not where the importer is a test, by what it includes and not by its name', async () => {
    linux.git('checkout', '--quiet', '--detach', 'base');
    linux.edit(importer, '#include "split.h"\n', '#include "split.h"\n#include <kunit/test.h>\n');
    linux.write(importer, `${readFileSync(join(linux.folder, importer), 'utf8')}${suite}`);
    linux.commit('split: test it');
    assert.deepEqual(await openExporter(), []);
  });
});
