import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ConfigError, checkConfig, defaultConfig, readConfig } from './config.js';
import { configSchema } from './config-schema.js';
import { nearestName } from './nearest.js';

const ids = ['pin-unchecked', 'stub-callback'];
const rules = ids.map((id) => ({ id }));

const ajv = new Ajv2020({ strict: true });
const isValid = ajv.compile(configSchema(rules));

const everything = {
  $schema: 'https://example.org/schema.json',
  rules: { 'pin-unchecked': 'off', 'stub-callback': 'note' },
  markers: [
    { field: 'pinned_only', meaning: 'cannot-revoke' },
    { field: 'revocable', meaning: 'can-revoke' },
  ],
  macros: ['VENDOR_API'],
  exclude: ['drivers/old'],
  baseline: 'old.jsonl',
};

const keyList = 'there are: rules, markers, macros, exclude, baseline';
const wrong: readonly (readonly [what: string, value: unknown, message: string])[] = [
  ['no object', [], 'the configuration must be an object'],
  ['null', null, 'the configuration must be an object'],
  ['a misspelt key', { rulse: {} }, "unknown key 'rulse'; did you mean 'rules'?"],
  ['a key unlike any', { somethingElse: 1 }, `unknown key 'somethingElse'; ${keyList}`],
  ['a key that every object has', { constructor: 1 }, `unknown key 'constructor'; ${keyList}`],
  ['a schema that is no place', { $schema: 1 }, '$schema is 1, and must be the path or URL of a JSON schema'],
  ['rules that are a list', { rules: [] }, 'rules is [], and must be an object'],
  ['rules that are null', { rules: null }, 'rules is null, and must be an object'],
  [
    'a misspelt rule',
    { rules: { 'pin-uncheked': 'off' } },
    "unknown rule 'pin-uncheked'; did you mean 'pin-unchecked'?",
  ],
  [
    'a rule unlike any',
    { rules: { nosuchrule: 'off' } },
    "unknown rule 'nosuchrule'; there are: pin-unchecked, stub-callback",
  ],
  [
    'a wrong setting',
    { rules: { 'pin-unchecked': 'warn' } },
    'rules.pin-unchecked is "warn", and must be one of off, note, warning, error',
  ],
  [
    'a setting that is no word',
    { rules: { 'pin-unchecked': 2 } },
    'rules.pin-unchecked is 2, and must be one of off, note, warning, error',
  ],
  ['a marker without a field', { markers: [{ meaning: 'can-revoke' }] }, "markers[0] has no 'field', and needs one"],
  [
    'a marker without a meaning',
    { markers: [{ field: 'a', meaning: 'can-revoke' }, { field: 'b' }] },
    "markers[1] has no 'meaning', and needs one",
  ],
  [
    'a marker with another meaning',
    { markers: [{ field: 'a', meaning: 'revokes' }] },
    'markers[0].meaning is "revokes", and must be one of cannot-revoke, can-revoke',
  ],
  [
    'a misspelt key of a marker',
    { markers: [{ field: 'a', meening: 'can-revoke' }] },
    "unknown key 'meening' in markers[0]; did you mean 'meaning'?",
  ],
  [
    'a field that is no name',
    { markers: [{ field: 'a b', meaning: 'can-revoke' }] },
    'markers[0].field is "a b", and must be a name in C',
  ],
  ['a marker that is a word', { markers: ['a'] }, 'markers[0] is "a", and must be an object'],
  ['markers that are an object', { markers: {} }, 'markers is {}, and must be a list'],
  ['macros that are no list', { macros: 'A' }, 'macros is "A", and must be a list'],
  ['a macro that is no name', { macros: ['B', 'A(x)'] }, 'macros[1] is "A(x)", and must be a name in C'],
  ['an empty path', { exclude: [''] }, 'exclude[0] is "", and must be a path'],
  ['a path that is none', { exclude: [null] }, 'exclude[0] is null, and must be a path'],
  ...['/etc/x', '../x', 'a/../../x', '..', ''].map(
    (place) =>
      [
        `a baseline at '${place}'`,
        { baseline: place },
        `baseline is ${JSON.stringify(place)}, and must be a path below this file's folder`,
      ] as const,
  ),
];

describe('a configuration', () => {
  it('may be empty', () => {
    assert.deepEqual(checkConfig({}, 'x.json', ids), defaultConfig);
  });

  it('sets rules, markers, macros and what is left out, and may name its schema', () => {
    assert.deepEqual(checkConfig(everything, 'x.json', ids), {
      rules: { 'pin-unchecked': 'off', 'stub-callback': 'note' },
      markers: [
        { field: 'pinned_only', setMeansCannot: true },
        { field: 'revocable', setMeansCannot: false },
      ],
      macros: ['VENDOR_API'],
      exclude: ['drivers/old'],
      baseline: 'old.jsonl',
    });
  });

  it('says where its baseline is, from its own folder on', () => {
    assert.equal(checkConfig({ baseline: 'ci/old.jsonl' }, '/a/b/x.json', ids).baseline, '/a/b/ci/old.jsonl');
  });

  it('has a schema that is one', () => {
    assert.ok(ajv.validateSchema(configSchema(rules)), JSON.stringify(ajv.errors));
  });

  for (const value of [{}, everything, { $schema: '', rules: {} }, { baseline: 'a/..b/c' }])
    it(`is taken, by its schema too: ${JSON.stringify(value).slice(0, 40)}`, () => {
      checkConfig(value, 'x.json', ids);
      assert.ok(isValid(value), JSON.stringify(isValid.errors));
    });

  for (const [what, value, message] of wrong) {
    it(`is refused in one line that names file and thing: ${what}`, () => {
      assert.throws(
        () => checkConfig(value, 'x.json', ids),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.equal(error.message, `x.json: ${message}`);
          return true;
        },
      );
    });

    it(`is refused by its schema too: ${what}`, () => {
      assert.equal(isValid(value), false);
    });
  }
});

describe('a configuration file', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const read = (text: string) => {
    const path = join(folder, 'x.json');
    writeFileSync(path, text);
    return readConfig(path, ids);
  };

  it('is read as JSON', () => {
    assert.deepEqual(read('{ "exclude": ["a"] }').exclude, ['a']);
  });

  it('is refused in one line where it is no JSON, is missing, or is a folder', () => {
    const oneLine = (pattern: RegExp) => (error: unknown) =>
      error instanceof ConfigError && pattern.test(error.message) && !error.message.includes('\n');
    for (const text of ['', '{', '{\n  "rules": {\n    oops\n  }\n}', 'rules: off', '{ "rules": { } } }'])
      assert.throws(() => read(text), oneLine(/x\.json: is not JSON: ./), text);
    assert.throws(() => readConfig(join(folder, 'missing.json'), ids), oneLine(/missing\.json: cannot be read$/));
    assert.throws(() => readConfig(folder, ids), oneLine(/: cannot be read$/));
  });
});

describe('the nearest name', () => {
  it('is the one that a slip of the finger makes of it', () => {
    assert.equal(nearestName('stub-calback', ids), 'stub-callback');
    assert.equal(nearestName('pinunchecked', ids), 'pin-unchecked');
  });

  it('is none where nothing is near', () => {
    assert.equal(nearestName('zebra', ids), undefined);
    assert.equal(nearestName('x', []), undefined);
  });
});
