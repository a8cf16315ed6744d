import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newMessages } from './docs-judgement.js';
import { filesOf } from './docs-patches.js';

describe('newMessages', () => {
  it('does not mind that lines moved', () => {
    assert.deepEqual(newMessages('a.c:3: warning: x\nWarning: a.h:12 y', 'Warning: a.h:14 y\na.c:5: warning: x\n'), []);
  });

  it('counts', () => {
    assert.deepEqual(newMessages('a.c:3: x', 'a.c:3: x\na.c:9: x\nb.c:1: x\n'), ['a.c:9: x', 'b.c:1: x']);
  });

  it('says nothing of what is gone', () => {
    assert.deepEqual(newMessages('a.c:3: x\na.c:4: y', 'a.c:3: y'), []);
  });
});

describe('filesOf', () => {
  it('tells changed files from new ones', () => {
    const text = [
      'diff --git a/MAINTAINERS b/MAINTAINERS',
      '--- a/MAINTAINERS',
      '+++ b/MAINTAINERS',
      'diff --git a/d/new.rst b/d/new.rst',
      'new file mode 100644',
      '--- /dev/null',
      '+++ b/d/new.rst',
      '',
    ].join('\n');
    assert.deepEqual(filesOf(text), { touched: ['MAINTAINERS', 'd/new.rst'], added: ['d/new.rst'] });
  });
});
