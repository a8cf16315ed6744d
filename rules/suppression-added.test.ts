import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addedEntries } from '../src/lint/change/added-entries.js';
import { addedSettings } from '../src/lint/change/added-settings.js';
import { rules } from './index.js';
import suppressionAdded from './suppression-added/rule.js';

/** What the rule says of a change of the configuration: `line:column message`. */
function told(before: string | null, after: string | null): readonly string[] {
  const added = addedSettings({ path: 'dmabuf-lint.json', before, after }, rules);
  return [...suppressionAdded.check(added)].map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const counts = 'the configuration from before the change counts';

describe('a change of the configuration', () => {
  const cases: Readonly<Record<string, readonly [after: string, message: string]>> = {
    'that leaves files out': [
      '{\n  "exclude": [\n    "fs",\n    "drivers/example"\n  ]\n}\n',
      `4:5 this change leaves 'drivers/example' out of the analysis: ${counts}`,
    ],
    'that switches a rule off': [
      '{\n  "rules": {\n    "pin-leak": "off"\n  }, "exclude": ["fs"] }',
      `3:5 this change switches 'pin-leak' off: ${counts}`,
    ],
    'that spells a rule with escapes': [
      '{ "exclude": ["fs"],\n  "rules": {\n    "pin\\u002dleak": "off"\n  }\n}\n',
      `3:5 this change switches 'pin-leak' off: ${counts}`,
    ],
    'that lowers a severity': [
      '{ "exclude": ["fs"],\n "rules": { "pin-leak": "note" } }',
      `2:13 this change makes 'pin-leak' a note instead of an error: ${counts}`,
    ],
    'that switches off the rule that tells': [
      '{ "exclude": ["fs"], "rules": {\n"suppression-added": "off" } }',
      `2:1 this change switches 'suppression-added' off: ${counts}`,
    ],
    'that has words ignored': [
      '{ "exclude": ["fs"],\n\n  "macros": ["dma_buf_pin"] }',
      `3:14 this change has the analysis ignore the word 'dma_buf_pin': ${counts}`,
    ],
    'that decides what a marker is': [
      '{ "exclude": ["fs"],\n "markers": [{ "field": "allow_peer2peer", "meaning": "cannot-revoke" }] }',
      `2:2 this change decides anew which markers say that an importer cannot be invalidated: ${counts}`,
    ],
    'that names a baseline': [
      '{ "exclude": ["fs"],\n "baseline": "x.jsonl" }',
      `2:2 this change names the baseline 'x.jsonl': ${counts}`,
    ],
    'that has an unknown key': [
      '{ "excluded": ["fs"] }',
      "1:1 this change leaves a file that cannot be read (unknown key 'excluded'; did you mean 'exclude'?): the one from before the change counts",
    ],
  };
  for (const [what, [after, message]] of Object.entries(cases))
    it(`${what} is told where it does so`, () => {
      assert.deepEqual(told('{ "exclude": ["fs"] }', after), [message]);
    });

  it('that is new, or the loss of a stricter one, is told', () => {
    assert.equal(told(null, '{ "rules": { "pin-leak": "off" } }').length, 1);
    assert.deepEqual(told('{ "rules": { "pin-unchecked": "error" } }', null), [
      `1:1 this change makes 'pin-unchecked' a warning instead of an error: ${counts}`,
    ]);
  });

  it('that hides nothing is not told', () => {
    assert.deepEqual(told('{ "rules": { "pin-leak": "off" }, "exclude": ["fs"] }', '{ "exclude": [ "fs" ] }'), []);
    assert.deepEqual(told('{ "exclude": ["fs"] }', null), []);
    assert.deepEqual(told('{ "rules": { "pin-leak": "off" } }', '{ "rules": { "pin-leak": "note" } }'), []);
    assert.deepEqual(told(null, '{ "rules": { "pin-unchecked": "error" } }'), []);
  });

  it('with a name that every object has is told like any other', () => {
    const message = told(null, '{ "rules": { "constructor": "off" } }');
    assert.match(message.join(), /cannot be read \(unknown rule 'constructor'/);
  });

  it('with very many words is told in few findings, in time', () => {
    const words = Array.from({ length: 50_000 }, (_, index) => `word_${index}`);
    const messages = told(null, JSON.stringify({ macros: words }));
    assert.equal(messages.length, 21);
    assert.match(messages.at(-1) ?? '', /this change adds 49980 more words that the analysis ignores$/);
  });
});

describe('a change of the baseline', () => {
  const entry = (file: string, reason = ''): string =>
    JSON.stringify({ file, rule: 'pin-leak', subject: 'f', source: 'x', occurrence: 0, reason });
  const baseline = (...entries: readonly string[]): string => `{"version":1}\n${entries.join('\n')}\n`;
  const toldOf = (before: string | null, after: string | null, renames: readonly [string, string][] = []) =>
    [...suppressionAdded.check(addedEntries({ path: 'b.jsonl', before, after }, new Map(renames)))].map(
      ({ line, message }) => `${line} ${message}`,
    );

  it('that adds an entry is told, with the reason', () => {
    const base = 'the baseline from before the change counts';
    assert.deepEqual(toldOf(baseline(entry('a.c')), baseline(entry('b.c', 'ours'), entry('a.c'), entry('c.c'))), [
      `2 this change adds 'pin-leak' in b.c to the baseline, with the reason 'ours': ${base}`,
      `4 this change adds 'pin-leak' in c.c to the baseline, without a reason: ${base}`,
    ]);
  });

  it('that removes an entry, or follows a renamed file, is not told', () => {
    assert.deepEqual(toldOf(baseline(entry('a.c'), entry('b.c')), baseline(entry('b.c'))), []);
    assert.deepEqual(toldOf(baseline(entry('a.c')), baseline(entry('b.c')), [['b.c', 'a.c']]), []);
    assert.deepEqual(toldOf(baseline(entry('a.c')), null), []);
  });

  it('that breaks it is told', () => {
    assert.match(toldOf(null, 'nonsense').join(), /^1 this change leaves a file that cannot be read /);
  });
});
