import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maintainersOf } from './maintainers.js';

const text = `List of maintainers

Descriptions of section entries

	M: *Mail* patches to

BUFFERS
M:	Ann <ann@example.org>
R:	Ben <ben@example.org>
L:	buffers@example.org (moderated for non-subscribers)
S:	Maintained
F:	Documentation/driver-api/dma-buf*.rst
F:	drivers/buf/
X:	drivers/buf/other/

OTHER
M:	Cid <cid@example.org>
L:	buffers@example.org
F:	drivers/buf/other/*.c

THE REST
M:	Everyman <every@example.org>
L:	all@example.org
F:	*
F:	*/
`;

describe('those who get a patch', () => {
  it('are people first, then lists, and the list for all', () => {
    assert.deepEqual(maintainersOf(text, ['drivers/buf/deep/x.c']), [
      'Ann <ann@example.org>',
      'Ben <ben@example.org>',
      'buffers@example.org',
      'all@example.org',
    ]);
    assert.deepEqual(maintainersOf(text, ['Documentation/driver-api/dma-buf-x.rst']).length, 4);
  });

  it('are found by folder and pattern, without what a section leaves out', () => {
    assert.deepEqual(maintainersOf(text, ['drivers/buf/other/x.c']), [
      'Cid <cid@example.org>',
      'buffers@example.org',
      'all@example.org',
    ]);
    assert.deepEqual(maintainersOf(text, ['drivers/buf/other/deep/x.c', 'drivers/buffer.c']), ['all@example.org']);
  });

  it('are nobody where the tree has no MAINTAINERS', () => assert.deepEqual(maintainersOf('', ['x']), []));
});
