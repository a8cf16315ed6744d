import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rulePages } from './version.js';

describe('the address of the pages of the rules', () => {
  it('is that of the repository or home page of the package, in whatever form it is written', () => {
    const pages = 'https://x.example/a/b/blob/HEAD/docs-out/rules';
    assert.equal(rulePages({ repository: 'https://x.example/a/b' }), pages);
    assert.equal(rulePages({ repository: { url: 'git+https://x.example/a/b.git' } }), pages);
    assert.equal(rulePages({ homepage: 'https://x.example/#readme' }), 'https://x.example/docs-out/rules');
  });

  it('is missing where the package names none, or one that no browser opens', () => {
    assert.equal(rulePages({}), undefined);
    assert.equal(rulePages({ repository: 'git@x.example:a/b.git' }), undefined);
  });
});
