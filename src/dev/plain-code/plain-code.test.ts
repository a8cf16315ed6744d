import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig, type Result } from '../../lint/index.js';
import {
  actualFindings,
  actualGaps,
  coreFiles,
  expectedFindings,
  expectedGaps,
  filesBelow,
  fixturesFolder,
} from '../examples/example-tree.js';

/**
 * Ordinary driver code, one idea a file or folder, grouped by kind: `fixtures/plain-code/<tree>/<kind>/<idea>`, where the
 * tree is the fixture tree whose core the code is written for. A file without a marker is right, and must be silent:
 * no finding of any rule, and nothing that was not analysed. Each idea is a module of its own.
 */
const corpus = join(fixturesFolder, 'plain-code');
const trees = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name } of trees) {
  const code = new Map(
    filesBelow(join(corpus, name)).map((path) => [placeOf(path), readFileSync(join(corpus, name, path), 'utf8')]),
  );

  describe(`plain code for ${name}`, () => {
    let result: Result;
    before(async () => {
      const core = coreFiles.map((path) => [path, readFileSync(join(fixturesFolder, name, path), 'utf8')] as const);
      result = await lintTree(openMemory(name, Object.fromEntries([...core, ...code])), rules, defaultConfig);
    });

    for (const [path, text] of code) {
      it(path, () => {
        const isHere = ({ file }: { readonly file: string }): boolean => file === path;
        assert.deepEqual(actualFindings(result.findings.filter(isHere)), expectedFindings(path, text));
        assert.deepEqual(actualGaps(result.contract.notAnalysed.filter(isHere)), expectedGaps(path, text));
      });
    }
  });
}

/** A file is laid into a folder of its own, so that no two ideas make one module. */
function placeOf(path: string): string {
  const [kind, idea = '', ...rest] = path.split('/');
  return `drivers/misc/${kind}/${idea.replace(/\.c$/, '')}/${rest.length > 0 ? rest.join('/') : idea}`;
}
