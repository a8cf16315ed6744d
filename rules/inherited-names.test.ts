import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { coreFiles, filesBelow, fixturesFolder } from '../src/dev/examples/example-tree.js';
import { sample } from '../src/dev/run/cases.js';
import { openMemory } from '../src/input/tree/tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import { rules } from './index.js';

/** What every object of JavaScript has, and what a function, a parameter or a member in C may be called. */
const inherited = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', '__proto__'];

const read = (tree: string, path: string): string => readFileSync(join(fixturesFolder, tree, path), 'utf8');

/** The names that a driver declares itself: functions, parameters and variables, members. */
function ownNames(code: string, core: string): readonly string[] {
  const functions = [...code.matchAll(/^(?:static )?[\w ]+[ *](\w+)\(/gm)];
  const others = [...code.matchAll(/\b(?:struct \w+|int|long|bool|void)\s+\**(\w+)\s*(?=[;,)=])/g)];
  const names = [...functions, ...others].map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => !new RegExp(`\\b${name}\\b`).test(core));
}

/** The code with six of its names replaced, beginning with one of them. */
function renamed(code: string, names: readonly string[], from: number): string {
  const other = new Map(inherited.map((name, index) => [names[from + index] ?? '', name] as const));
  return code.replace(/\w+/g, (word) => other.get(word) ?? word);
}

async function findings(tree: string, path: string, code: string): Promise<readonly string[]> {
  const files = Object.fromEntries(coreFiles.map((file) => [file, read(tree, file)]));
  const result = await lintTree(openMemory(tree, { ...files, [path]: code }), rules, defaultConfig);
  return [
    ...result.findings.map(({ rule, file, line, severity }) => `${file}:${line}: ${severity} ${rule}`),
    ...result.contract.notAnalysed.map(({ file, line }) => `${file}:${line}: not analysed`),
  ];
}

describe('names that every object has', () => {
  for (const tree of ['paths', 'invalidate-mappings', 'move-notify'])
    it(`lose no finding: ${tree}`, sample(tree !== 'paths'), async () => {
      const drivers = filesBelow(join(fixturesFolder, tree)).filter((path) =>
        /^drivers\/(?!dma-buf\/).*\.c$/.test(path),
      );
      const core = coreFiles.map((file) => read(tree, file)).join('\n');
      let found = 0;
      for (const path of drivers) {
        const code = read(tree, path);
        const expected = await findings(tree, path, code);
        if (!expected.some((line) => line.startsWith(path))) continue;
        found++;
        const names = ownNames(code, core);
        for (let from = 0; from < names.length; from += inherited.length)
          assert.deepEqual(
            await findings(tree, path, renamed(code, names, from)),
            expected,
            `${path} from ${names[from]}`,
          );
      }
      assert.ok(found > 2);
    });

  for (const name of inherited)
    it(`do not hide a pin that leaks where a test calls ${name}()`, async () => {
      const driver = (asked: string): string => `#include <linux/dma-buf.h>
static const struct dma_buf_attach_ops ex_ops = { .allow_peer2peer = true };
int ex_import(struct ex_buf *buf)
{
	int ret = dma_buf_pin(buf->attach);

	if (ret)
		return ret;
	if (${asked}(buf))
		return -EIO;
	if (!${asked}(buf->attach))
		dma_buf_unpin(buf->attach);
	dma_buf_unpin(buf->attach);
	return 0;
}
`;
      const path = 'drivers/example/example.c';
      const expected = await findings('invalidate-mappings', path, driver('ex_ask'));
      assert.ok(expected.some((line) => line.includes('pin-leak')));
      assert.deepEqual(await findings('invalidate-mappings', path, driver(name)), expected);
    });
});
