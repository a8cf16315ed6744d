import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { thinImports } from './thin-imports.js';

describe('the imports of a file of the bundle', () => {
  it('do not name what comes with another file', () => {
    const texts = new Map([
      [
        '/b/cli.js',
        'import {\n  one\n} from "./chunks/one.js";\nimport "./chunks/two.js";\nimport "./chunks/alone.js";\none();\n',
      ],
      ['/b/chunks/one.js', 'import {\n  two\n} from "./two.js";\nimport "./three.js";\n'],
      ['/b/chunks/two.js', 'import { three } from "./three.js";\nimport "tree-sitter";\n'],
      ['/b/chunks/three.js', 'export const three = await import("./alone.js");\n'],
      ['/b/chunks/alone.js', ''],
    ]);
    assert.deepEqual([...thinImports(texts)].slice(0, 3), [
      ['/b/cli.js', 'import {\n  one\n} from "./chunks/one.js";\nimport "./chunks/alone.js";\none();\n'],
      ['/b/chunks/one.js', 'import {\n  two\n} from "./two.js";\n'],
      ['/b/chunks/two.js', 'import { three } from "./three.js";\nimport "tree-sitter";\n'],
    ]);
  });
});
