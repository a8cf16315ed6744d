import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deniesPinned, saysPinned } from './documented.js';

describe('a paragraph', () => {
  for (const text of [
    'For a pinned importer the call means that the mapping is revoked.',
    'If the attachment is pinned then the underlying mapping is no longer available.',
    'Exporters may call this while the buffer is pinned, to take the memory away for good.',
    'Pinned importers that cannot be revoked leave the callback out.',
    'Memory that an importer has pinned is not moved, but may be revoked.',
  ])
    it(`says what happens to pinned importers: ${text}`, () => {
      assert.equal(saysPinned(text), true);
      assert.equal(deniesPinned(text), false);
    });

  for (const text of [
    'Drop the mapping, and make a new one before the next access.',
    'If this callback is provided the framework can avoid pinning the backing store.',
    'This unpins a buffer and lets the exporter move it again.',
  ])
    it(`says nothing of them: ${text}`, () => {
      assert.equal(saysPinned(text), false);
      assert.equal(deniesPinned(text), false);
    });

  for (const text of [
    'It is never called while the buffer is pinned.',
    'While the buffer is pinned, importers may ignore the revocation.',
    'A pinned buffer is never invalidated or revoked.',
    'The callback is only called while the buffer is not pinned.',
    'Pinned importers do not have to do anything when memory is revoked.',
    'Pinning also prevents any revocation of the memory.',
    'The exporter guarantees that pinned memory stays valid for good.',
    'Pinned buffers cannot be revoked.',
  ])
    it(`says that they are left alone: ${text}`, () => {
      assert.equal(deniesPinned(text), true);
      assert.equal(saysPinned(text), false);
    });
});
