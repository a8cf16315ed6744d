import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fixturesFolder } from '../examples/example-tree.js';
import { oddPaths } from './format-examples.js';
import { goldenTexts } from './format-goldens.js';
import { judgeKcidb } from './format-judges.js';

const folder = join(fixturesFolder, 'formats');
let texts: ReadonlyMap<string, string>;
before(async () => {
  texts = await goldenTexts();
});

function text(name: string): string {
  return texts.get(name) ?? assert.fail(name);
}

describe('the formats of other programs', () => {
  it('are what the golden files have (npm run formats, if the change is meant)', () => {
    for (const [name, actual] of texts) assert.equal(actual, readFileSync(join(folder, name), 'utf8'), name);
    const sources = ['locks.c', 'series.mbox', 'stub.c'];
    assert.deepEqual(readdirSync(folder).sort(), [...texts.keys(), ...sources].sort());
  });

  it('hold the one new finding, and neither those that are known nor those that are suppressed', () => {
    const count = (name: string, pattern: RegExp): number => [...text(name).matchAll(pattern)].length;
    assert.equal(count('scan.gcc.txt', /: (?:error|warning): /g), 1);
    assert.equal(count('scan.checkpatch.txt', /^/gm) - 1, 1);
    assert.equal(count('scan.github.txt', /^::error /gm), 1);
    assert.equal(count('scan.github.txt', /^::warning /gm), 0);
    assert.equal(count('scan.junit.xml', /<failure /g), 1);
    assert.equal(count('scan.b4.txt', /^/gm) - 1, 1);
    assert.equal(
      JSON.parse(text('scan.gitlab.json')).filter((one: { check_name: string }) => one.check_name !== 'not-analysed')
        .length,
      1,
    );
    assert.equal(JSON.parse(text('scan.b4-review.json'))[0].status, 'fail');
  });

  it('tell what was not analysed, where they can', () => {
    const [told, silent] = [
      [
        'gcc.txt',
        'github.txt',
        'gitlab.json',
        'junit.xml',
        'kcidb.json',
        'sarif.json',
        'b4-review.json',
        'nipa.txt',
        'mail.mbox',
      ],
      ['checkpatch.txt', 'b4.txt'],
    ];
    for (const ending of told ?? []) assert.match(text(`scan.${ending}`), /not analysed/, ending);
    for (const ending of silent ?? []) assert.doesNotMatch(text(`scan.${ending}`), /not analysed/, ending);
  });

  it('let no control character through, but for line feeds and the tabs of quoted code', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    for (const [name, actual] of texts) assert.doesNotMatch(actual, /[\u0000-\u0008\u000b-\u001f\u007f]/, name);
  });
});

describe('KCIDB', () => {
  it('gets what its schema asks for', () => {
    for (const name of ['scan', 'series']) assert.deepEqual(judgeKcidb(join(folder, `${name}.kcidb.json`)), []);
  });

  it('gets a test for each rule; one with an error fails, and the others do not pass where there are gaps', () => {
    const { tests } = JSON.parse(text('scan.kcidb.json'));
    const failed = tests.filter(({ status }: { status: string }) => status === 'FAIL');
    assert.deepEqual(
      failed.map(({ path }: { path: string }) => path),
      ['dmabuf_lint.pinned_importer_unmarked'],
    );
    assert.match(failed[0].log_excerpt, /^drivers\/.*: error: pinned importer /);
    assert.ok(tests.every(({ status }: { status: string }) => status !== 'PASS'));
  });
});

describe('SARIF', () => {
  it('says of each result whether it is new, old or gone, why it may stay, and what suppresses it', () => {
    const { results } = JSON.parse(text('scan.sarif.json')).runs[0];
    const states = results.map(
      ({
        ruleId,
        baselineState,
        suppressions,
      }: {
        ruleId: string;
        baselineState?: string;
        suppressions?: { kind: string; justification: string }[];
      }) =>
        [
          ruleId,
          baselineState ?? null,
          ...(suppressions ?? []).map(({ kind, justification }) => `${kind}: ${justification}`),
        ].join(' | '),
    );
    assert.deepEqual(states, [
      'pinned-importer-unmarked | new',
      'pin-unchecked | unchanged | external: left for 7.4 <see "bug" & co>',
      'resv-lock-required | unchanged | external: left for 7.4 <see "bug" & co>',
      'resv-lock-required | unchanged | external: left for 7.4 <see "bug" & co>',
      'pin-leak | absent',
      `pin-unchecked |  | inSource: "it" can't fail here & now`,
    ]);
  });

  it('names files by URIs that lead back to them', () => {
    const [{ locations }] = JSON.parse(text('scan.sarif.json')).runs[0].results;
    const { uri } = locations[0].physicalLocation.artifactLocation;
    assert.match(uri, /^[\w%/.'()-]+$/);
    assert.equal(decodeURIComponent(uri), oddPaths.stub);
  });

  it('points at the column, and shows the line', () => {
    const [{ locations }] = JSON.parse(text('scan.sarif.json')).runs[0].results;
    const { startLine, startColumn, snippet } = locations[0].physicalLocation.region;
    const line = readFileSync(join(folder, 'stub.c'), 'utf8').split('\n')[startLine - 1] ?? '';
    assert.equal(snippet.text, line);
    assert.ok(line.slice(startColumn - 1).startsWith('odd_ops'));
  });
});

describe('a mail', () => {
  it('quotes the hunk down to the line that it is about, and remarks below it', () => {
    const [first = '', second = ''] = text('series.mail.mbox')
      .split(/^From dmabuf-lint .*\n/m)
      .slice(1);
    assert.match(first, /^Subject: Re: \[PATCH 1\/2\] drm\/odd: import <b>buffers<\/b>, 100% & more$/m);
    assert.match(first, /^In-Reply-To: <20260112-odd-1@example\.org>$/m);
    assert.match(
      first,
      /^> @@ -0,0 \+1,44 @@\n> \[\.\.\.\]\n[\s\S]*^> \+static const struct dma_buf_attach_ops odd_ops .*\n\nerror: /m,
    );
    assert.match(
      second,
      /^> -\tdma_resv_lock\(.*\n> {2}\tret = dma_buf_pin\(.*\n\nerror: dma_buf_pin\(\) needs the reservation lock/m,
    );
  });

  it('has 72 columns, what is quoted or cannot be broken aside', () => {
    for (const name of ['series.mail.mbox', 'scan.mail.mbox'])
      for (const line of text(name).split('\n\n').slice(1).join('\n\n').split('\n'))
        assert.ok(line.length <= 72 || /^(?:> | {4}|drivers\/|\S*:)/.test(line), line);
  });
});
