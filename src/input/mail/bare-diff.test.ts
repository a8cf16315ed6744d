import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diffOf, read, refusal, subjects } from '../../dev/series/mail-drafts.js';

describe('a plain diff', () => {
  it('is a patch without a number', async () => {
    const { patches, total } = await read(diffOf('x.c'));
    assert.deepEqual(
      [patches[0]?.number, patches[0]?.subject, patches[0]?.author, patches[0]?.diff.toString(), total],
      [null, 'patch', '', diffOf('x.c'), null],
    );
  });

  it('keeps the carriage returns of a file, not those of its way here', async () => {
    const content = diffOf('x.c', 'new\r');
    assert.equal((await read(content)).patches[0]?.diff.toString(), content);
    const converted = diffOf('x.c').replaceAll('\n', '\r\n');
    assert.equal((await read(converted)).patches[0]?.diff.toString(), diffOf('x.c'));
  });

  it('keeps the message that git show puts in front; a log is refused', async () => {
    const commit = `commit ${'a'.repeat(40)}\nAuthor: Ann <ann@example.org>\nDate:   today\n\n    drm: a\n    \n    Why.\n\n${diffOf('x.c')}`;
    const { patches } = await read(commit);
    assert.deepEqual(
      [patches[0]?.subject, patches[0]?.author, patches[0]?.body],
      ['drm: a', 'Ann <ann@example.org>', 'Why.'],
    );
    assert.match(await refusal(`${commit}\n${commit}`), /git log.*format-patch/);
  });

  it('stands for itself, however many there are', async () => {
    const series = await read(diffOf('x.c'), diffOf('y.c'));
    assert.deepEqual(subjects(series), ['null patch', 'null patch']);
    assert.deepEqual(series.remarks, []);
  });
});
