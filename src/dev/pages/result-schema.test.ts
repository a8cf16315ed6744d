import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { resultSchema } from '../../report/schema/result-schema.js';
import { type ExampleRepository, makeRepository } from '../examples/example-repository.js';
import { copyFixture } from '../examples/example-tree.js';
import { edited, good, hide, leak, path } from '../examples/leaking-driver.js';
import { run } from '../examples/run-command.js';
import { resultSchemaPage } from './write-docs.js';

let top: string;
let linux: ExampleRepository;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'schema-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  const drivers = ['misc/revocable', 'misc/refuseall', 'accel/split'].map((name) => `drivers/${name}`);
  copyFixture('invalidate-mappings', linux.folder, drivers);
  linux.write(
    'drivers/static/static.c',
    '#include <linux/dma-buf.h>\n\nint st_get(struct dma_buf *dmabuf, struct device *dev)\n{\n\treturn PTR_ERR_OR_ZERO(dma_buf_attach(dmabuf, dev));\n}\n',
  );
  linux.write(path, edited(good, leak));
  linux.commit('drivers');
  linux.git('tag', 'base');
  const revisions = [1, 2].map((version) => {
    linux.git('checkout', '--quiet', '--force', '--detach', 'base');
    linux.write(path, edited(good, leak, hide));
    linux.commit('example: hide it');
    linux.write('drivers/other.c', edited(good, leak).replaceAll('ex_', 'other_').concat(`int v${version};\n`));
    linux.commit('other: import buffers');
    return linux.git('format-patch', '--stdout', `-v${version}`, 'base..HEAD');
  });
  writeFileSync(join(top, 'both.mbox'), revisions.join(''));
});
after(() => rmSync(top, { recursive: true }));

const compile = (schema: object): ValidateFunction => new Ajv2020({ strict: true, allErrors: true }).compile(schema);

describe('the published schema of the result', () => {
  const isValid = compile(JSON.parse(resultSchemaPage()));
  /** The same without anything that is not described, so that no member is forgotten. */
  const variantOf = (name: string): ValidateFunction => {
    const { anyOf: _, ...schema } = resultSchema({ isClosed: true });
    return compile({ ...schema, $id: `urn:test:${name}`, $ref: `#/$defs/${name}` });
  };

  const commands: readonly (readonly [variant: string, args: readonly string[]])[] = [
    ['scan', ['scan']],
    ['scan', ['scan', '--since', 'base~1']],
    ['series', ['series', '../both.mbox', '--base', 'base', '--all']],
    ['series', ['series', 'base..HEAD']],
    ['matrix', ['matrix']],
    ['matrix', ['matrix', '--against', 'base~1']],
    ['staleDocumentation', ['docs', '--check']],
    ['merged', ['merge', '../merged']],
  ];
  before(async () => {
    const jobs = [
      { id: 'whole', command: 'scan', tree: '.' },
      { id: 'sent', command: 'series', tree: '.', series: ['../both.mbox'], base: 'base' },
      { id: 'lost', command: 'matrix', tree: 'nowhere' },
    ];
    writeFileSync(join(top, 'jobs.jsonl'), jobs.map((job) => JSON.stringify(job)).join('\n'));
    await run(['batch', '../jobs.jsonl', '--output', '../merged'], { cwd: linux.folder });
  });
  for (const [variant, args] of commands)
    it(`describes what \`${args.join(' ')}\` writes, and all of it`, async () => {
      const { stdout, stderr } = await run([...args, '--format', 'json'], { cwd: linux.folder });
      assert.notEqual(stdout, '', stderr);
      const result: unknown = JSON.parse(stdout);
      assert.ok(isValid(result), JSON.stringify(isValid.errors?.slice(0, 3)));
      const closed = variantOf(variant);
      assert.ok(closed(result), JSON.stringify(closed.errors?.slice(0, 3)));
    });

  it('takes no other thing for a result', () => {
    for (const other of [{}, [], { version: 1 }, { version: 2, findings: [] }, { version: 1, findings: [{}] }])
      assert.ok(!isValid(other), JSON.stringify(other));
  });
});
