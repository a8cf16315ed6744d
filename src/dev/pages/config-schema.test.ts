import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { rules } from '../../../rules/index.js';
import { checkConfig } from '../../lint/index.js';
import { schemaPage } from './write-docs.js';

type Example = Readonly<Record<string, unknown>>;

/** The configuration that a text shows under a heading. */
function exampleIn(path: string, heading: string): Example {
  const text = readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
  return JSON.parse(/```json\n([\s\S]*?)```/.exec(text.slice(text.indexOf(heading)))?.[1] ?? '');
}

describe('the published schema of the configuration', () => {
  const schema: Example & { readonly properties: Example } = JSON.parse(schemaPage());
  const isValid = new Ajv2020({ strict: true }).compile(schema);
  const ids = rules.map(({ id }) => id);
  const readme = exampleIn('README.md', '### Configuration');

  for (const [name, example] of [
    ['README', readme],
    ['man page', exampleIn('src/docs/pages/dmabuf-lint.md', '## CONFIGURATION')],
  ] as const)
    it(`takes what the ${name} shows, as the program does`, () => {
      assert.ok(isValid(example), JSON.stringify(isValid.errors));
      assert.deepEqual(checkConfig(example, 'x.json', ids).rules, example['rules']);
    });

  it('has no key that the README does not show', () => {
    assert.deepEqual(Object.keys(readme).toSorted(), Object.keys(schema.properties).toSorted());
  });

  it('takes every rule, with every severity', () => {
    for (const severity of ['off', 'note', 'warning', 'error'])
      assert.ok(isValid({ rules: Object.fromEntries(ids.map((id) => [id, severity])) }));
  });
});
