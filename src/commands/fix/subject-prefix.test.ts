import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { subjectPrefix } from './subject-prefix.js';

describe('subjectPrefix', () => {
  const path = 'drivers/media/common/videobuf2/videobuf2-dma-sg.c';

  it('is the one that most of the last patches of a file have', () => {
    const subjects = [
      'treewide: Use kmalloc_obj()',
      'media: vb2: Fix a leak',
      'media: videobuf2: Do',
      'media: vb2: Undo',
    ];
    assert.equal(subjectPrefix(path, subjects), 'media: vb2');
    assert.equal(subjectPrefix(path, ['media: vb2: Fix', 'media: videobuf2: Do']), 'media: vb2');
  });

  it('is that of the subsystem where no patch has one', () => {
    for (const subjects of [[], ['Linux 7.1', 'Convert what remains', 'Revert "media: vb2: Fix"', 'treewide: Do']])
      assert.equal(subjectPrefix(path, subjects), 'media: videobuf2');
    assert.equal(subjectPrefix('drivers/gpu/drm/xe/xe_bo.c', []), 'drm/xe');
    assert.equal(subjectPrefix('Makefile', []), 'Makefile');
  });
});
