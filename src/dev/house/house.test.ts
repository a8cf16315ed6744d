import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AllowedKind, deviation, readAllowed } from './allowed.js';
import { longFunction, measure, most } from './measures.js';
import { readSources, topFolder } from './source-tree.js';
import { unwanted } from './unwanted.js';

const top = topFolder();
const sources = readSources(top);
const found = measure(sources);
const allowed = readAllowed(top);

/** The house rules. The exceptions are listed in allowed.json, which must not have needless entries. */
const wishes: Readonly<Record<AllowedKind, string>> = {
  circles: 'files import each other in no circle, types aside',
  folders: `no folder has more than ${most.filesInFolder} files, tests aside`,
  functions: `no function has more than ${longFunction.most} lines`,
  exports: 'every export is imported by another file',
};

describe('the house', () => {
  it('is seen whole', () => {
    assert.ok(sources.some(({ path }) => path === 'src/dev/house/house.test.ts'));
    assert.ok(found.functions > 1000);
  });

  for (const [kind, wish] of Object.entries(wishes) as [AllowedKind, string][])
    it(wish, () => {
      const { refused, stale } = deviation(unwanted(found)[kind], allowed[kind]);
      assert.deepEqual(refused, [], `not wanted, and not on the list of '${kind}' in allowed.json`);
      assert.deepEqual(stale, [], `on the list of '${kind}', but gone: npm run house -- --trim`);
    });

  it('has a reason for all that it allows', () => {
    for (const list of Object.values(allowed))
      for (const [name, reason] of Object.entries(list)) assert.notEqual(reason.trim(), '', name);
  });

  it(`has no file of more than ${most.linesOfFile} lines`, () => assert.deepEqual(found.longFiles, []));

  it('tells how many functions are long, and which circles are of types only', (context) => {
    context.diagnostic(`${found.longFunctions.length} functions of more than ${longFunction.lines} lines`);
    for (const circle of found.circles.type) context.diagnostic(`types in a circle: ${circle.join(' ')}`);
  });
});
