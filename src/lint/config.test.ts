import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ConfigError, checkConfig, defaultConfig, readConfig } from './config.js';
import { nearestName } from './nearest.js';

const ids = ['pin-unchecked', 'stub-callback'];

describe('a configuration', () => {
  it('may be empty', () => {
    assert.deepEqual(checkConfig({}, 'x.json', ids), defaultConfig);
  });

  it('sets rules, markers, macros and what is left out, and may name its schema', () => {
    const value = {
      $schema: 'https://example.org/schema.json',
      rules: { 'pin-unchecked': 'off', 'stub-callback': 'note' },
      markers: [
        { field: 'pinned_only', meaning: 'cannot-revoke' },
        { field: 'revocable', meaning: 'can-revoke' },
      ],
      macros: ['VENDOR_API'],
      exclude: ['drivers/old'],
    };
    assert.deepEqual(checkConfig(value, 'x.json', ids), {
      rules: { 'pin-unchecked': 'off', 'stub-callback': 'note' },
      markers: [
        { field: 'pinned_only', setMeansCannot: true },
        { field: 'revocable', setMeansCannot: false },
      ],
      macros: ['VENDOR_API'],
      exclude: ['drivers/old'],
    });
  });

  const wrong: readonly (readonly [what: string, value: unknown, message: string])[] = [
    ['no object', [], 'the configuration must be an object'],
    ['null', null, 'the configuration must be an object'],
    ['a misspelt key', { rulse: {} }, "unknown key 'rulse'; did you mean 'rules'?"],
    [
      'a key unlike any',
      { somethingElse: 1 },
      "unknown key 'somethingElse'; there are: rules, markers, macros, exclude",
    ],
    [
      'a key that every object has',
      { constructor: 1 },
      "unknown key 'constructor'; there are: rules, markers, macros, exclude",
    ],
    ['rules that are a list', { rules: [] }, "'rules' must be an object"],
    ['rules that are null', { rules: null }, "'rules' must be an object"],
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
      'rule \'pin-unchecked\' is set to "warn"; use one of off, note, warning, error',
    ],
    [
      'a setting that is no word',
      { rules: { 'pin-unchecked': 2 } },
      "rule 'pin-unchecked' is set to 2; use one of off, note, warning, error",
    ],
    [
      'a marker without a field',
      { markers: [{ meaning: 'can-revoke' }] },
      "markers[0] needs a 'field', the name of one of the struct's fields",
    ],
    [
      'a marker without a meaning',
      { markers: [{ field: 'a', meaning: 'can-revoke' }, { field: 'b' }] },
      "markers[1] needs a 'meaning', cannot-revoke or can-revoke",
    ],
    ['a marker that is a word', { markers: ['a'] }, 'markers[0] must be an object'],
    ['macros that are no list', { macros: 'A' }, "'macros' must be a list"],
    ['a macro that is no name', { macros: ['A(x)'] }, "'macros' holds 'A(x)', which is no macro's name"],
    ['an empty path', { exclude: [''] }, "'exclude' must be a list of strings"],
  ];
  for (const [what, value, message] of wrong)
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
      assert.throws(() => read(text), oneLine(/x\.json: is no JSON: ./), text);
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
