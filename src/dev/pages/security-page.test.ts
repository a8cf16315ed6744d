import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const top = new URL('../../../../', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, top), 'utf8');

describe('the threat model of SECURITY.md', () => {
  const page = textOf('SECURITY.md');
  const rows = page.split('\n').filter((line) => /^\| (?!what a stranger|---)/.test(line));
  const scripts = Object.keys(JSON.parse(textOf('package.json')).scripts);

  it('shows each row by something that exists', () => {
    assert.ok(rows.length > 10);
    for (const row of rows) {
      const shown = row.split('|').at(-2) ?? '';
      const tests = [...shown.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, path = '']) => path);
      assert.notEqual(tests.length, 0, row);
      for (const path of tests) assert.ok(existsSync(new URL(path, top)), path);
    }
  });

  it('names only scripts that the package has', () => {
    for (const [, name = ''] of page.matchAll(/`npm run ([\w:-]+)/g)) assert.ok(scripts.includes(name), name);
  });
});
