import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Macro } from '../unit.js';
import { cleanupOf } from './cleanup-macros.js';

const macros: readonly Macro[] = [
  { at: 0, name: 'foo_auto', parameters: null, body: '__attribute__((__cleanup__(foo_put)))' },
  { at: 0, name: 'FOO_AUTO', parameters: ['what', 'how'], body: '__attribute__((cleanup(foo_##how##_##what)))' },
  { at: 0, name: 'FOO_CALL', parameters: ['f'], body: '__cleanup(f)' },
];

const texts: readonly (readonly [text: string, cleanup: string | null])[] = [
  ['struct foo *p __free(kfree)', 'kfree'],
  ['int n __cleanup(put)', '&put'],
  ['int n __attribute__((cleanup(put)))', '&put'],
  ['struct foo *p foo_auto', '&foo_put'],
  ['struct foo *p FOO_AUTO(all, free)', '&foo_free_all'],
  ['struct foo *p FOO_CALL(drop)', '&drop'],
  ['struct foo *foo_automatic', null],
  ['int n __maybe_unused', null],
];

describe('what runs at the end of the scope of a variable', () => {
  for (const [text, cleanup] of texts)
    it(`is ${cleanup ?? 'nothing'} for ${text}`, () => assert.equal(cleanupOf(text, macros), cleanup));
});
