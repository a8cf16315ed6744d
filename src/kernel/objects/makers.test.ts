import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNamedForExport, isNamedForFinding, saysItIsKept, saysItIsNew } from './makers.js';

describe('what a declaration says of the object that the function returns', () => {
  it('is that it is an export, by the name', () => {
    assert.equal(isNamedForExport('cam_export_frame'), true);
    assert.equal(isNamedForExport('cam_exporter'), false);
  });

  it('is that it is there already, by the name', () => {
    assert.equal(isNamedForFinding('cam_find_frame'), true);
    assert.equal(isNamedForFinding('cam_findings'), false);
  });

  for (const comment of [
    '/* a new buffer */',
    "/* The reference is the caller's. */",
    '/* the caller has to put it */',
  ])
    it(`is that it is new, by ${comment}`, () => assert.equal(saysItIsNew(comment), true));

  it('is not that it is new where the comment says something else', () => {
    assert.equal(saysItIsNew('/* called by newer firmware */'), false);
  });

  for (const comment of ['/* cached by the device */', '/* the same buffer each time */', '/* a borrowed reference */'])
    it(`is that it is kept, by ${comment}`, () => assert.equal(saysItIsKept(comment), true));

  it('is not that it is kept where the comment says something else', () => {
    assert.equal(saysItIsKept('/* a new buffer for each call */'), false);
  });
});
