import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../config/config.js';
import { type Finding, fingerprintOf } from '../finding.js';
import { type BaselineEntry, type Looked, matchBaseline, renewedEntries } from './baseline.js';
import { formatBaseline, parseBaseline } from './baseline-file.js';

interface Place {
  readonly file?: string;
  readonly rule?: string;
  readonly subject?: string;
  readonly source?: string;
  readonly occurrence?: number;
  readonly line?: number;
  readonly message?: string;
}

function finding({ file = 'drivers/a.c', rule = 'pin-leak', line = 10, ...rest }: Place = {}): Finding {
  const { subject = 'a_import', source = 'dma_buf_pin(attach);', occurrence = 0 } = rest;
  const { message = 'a pin is left behind' } = rest;
  const mark = { subject, sourceLine: source, occurrence };
  const fingerprint = fingerprintOf(rule, file, mark);
  return { rule, severity: 'error', confidence: 'high', file, line, column: 2, message, trace: [], fingerprint, mark };
}

function baselineOf(...findings: readonly Finding[]): readonly BaselineEntry[] {
  return findings.map(({ rule, file, mark, message }, index) => ({
    rule,
    file,
    mark,
    message,
    reason: `reason ${index}`,
  }));
}

/** A tree with these files, of which all was looked at. */
function treeOf(...files: readonly string[]): Looked {
  return { hasFile: (file) => files.includes(file), looksAt: () => true };
}

const counts = (match: ReturnType<typeof matchBaseline>) =>
  [match.introduced, match.unchanged, match.fixed, match.notLookedAt].map(({ length }) => length);

describe('a finding', () => {
  const old = baselineOf(finding());

  it('is new where the baseline has none like it', () => {
    const other = finding({ subject: 'a_other' });
    const match = matchBaseline(old, [finding(), other], treeOf('drivers/a.c'));
    assert.deepEqual(match.introduced, [other]);
    assert.deepEqual(counts(match), [1, 1, 0, 0]);
  });

  it('is known again on another line, in other words, and with another name of the API', () => {
    const moved = finding({ line: 99, message: 'a pin is forgotten' });
    assert.deepEqual(counts(matchBaseline(old, [moved], treeOf('drivers/a.c'))), [0, 1, 0, 0]);
    const before = baselineOf(finding({ source: 'dma_buf_move_notify(dmabuf);' }));
    const renamed = finding({ source: 'dma_buf_invalidate_mappings(dmabuf);' });
    assert.deepEqual(counts(matchBaseline(before, [renamed], treeOf('drivers/a.c'))), [0, 1, 0, 0]);
  });

  it('is known again where its file was renamed', () => {
    const moved = finding({ file: 'drivers/b.c' });
    assert.deepEqual(counts(matchBaseline(old, [moved], treeOf('drivers/b.c'))), [0, 1, 0, 0]);
  });

  it('is new where its like was copied into another file, and fixed where it was', () => {
    const copied = finding({ file: 'drivers/b.c' });
    const tree = treeOf('drivers/a.c', 'drivers/b.c');
    assert.deepEqual(counts(matchBaseline(old, [finding(), copied], tree)), [1, 1, 0, 0]);
    assert.deepEqual(counts(matchBaseline(old, [copied], tree)), [1, 0, 1, 0]);
  });

  it('is new where a file with entries of its own might be the renamed one', () => {
    const both = baselineOf(finding(), finding({ file: 'drivers/b.c', subject: 'b_import' }));
    const found = [finding({ file: 'drivers/b.c', subject: 'b_import' }), finding({ file: 'drivers/b.c' })];
    assert.deepEqual(counts(matchBaseline(both, found, treeOf('drivers/b.c'))), [1, 1, 1, 0]);
  });

  it('is new where two files might be the renamed one, unless one has the same base name', () => {
    const found = ['b', 'c'].map((name) => finding({ file: `drivers/${name}.c` }));
    assert.deepEqual(counts(matchBaseline(old, found, treeOf('drivers/b.c', 'drivers/c.c'))), [2, 0, 1, 0]);
    const moved = ['drivers/x/a.c', 'drivers/x/b.c'].map((file) => finding({ file }));
    const match = matchBaseline(old, moved, treeOf('drivers/x/a.c', 'drivers/x/b.c'));
    assert.deepEqual(match.introduced, [moved[1]]);
  });

  it('takes one entry for each of several that are alike', () => {
    const two = baselineOf(finding(), finding({ occurrence: 1 }));
    assert.deepEqual(counts(matchBaseline(two, [finding()], treeOf('drivers/a.c'))), [0, 1, 1, 0]);
    const three = [0, 1, 2].map((occurrence) => finding({ occurrence }));
    assert.deepEqual(counts(matchBaseline(two, three, treeOf('drivers/a.c'))), [1, 2, 0, 0]);
  });
});

describe('a baseline that is written anew', () => {
  it('keeps reasons, takes in what is new, drops what is fixed, and keeps what was not looked at', () => {
    const old = baselineOf(
      finding(),
      finding({ subject: 'a_fixed' }),
      finding({ rule: 'pin-unchecked', subject: 'a_off' }),
    );
    const looked: Looked = { hasFile: () => true, looksAt: (rule) => rule !== 'pin-unchecked' };
    const entries = renewedEntries(matchBaseline(old, [finding({ line: 3 }), finding({ subject: 'a_new' })], looked));
    assert.deepEqual(
      entries.map(({ mark, reason }) => [mark.subject, reason]),
      [
        ['a_import', 'reason 0'],
        ['a_new', ''],
        ['a_off', 'reason 2'],
      ],
    );
  });

  it('names the file as it is called now, and no line', () => {
    const moved = finding({ file: 'drivers/b.c', message: 'suppressed by line 12 already' });
    const [entry] = renewedEntries(matchBaseline(baselineOf(finding()), [moved], treeOf('drivers/b.c')));
    assert.deepEqual(
      [entry?.file, entry?.message, entry?.reason],
      ['drivers/b.c', 'suppressed by another line already', 'reason 0'],
    );
  });
});

describe('the text of a baseline', () => {
  const entries = baselineOf(finding(), finding({ source: 'printk("%s\\n", "\u202e}");', message: 'a "quoted" word' }));
  const text = formatBaseline(entries);

  it('is read as it was written', () => {
    assert.deepEqual(parseBaseline(text, 'x.jsonl').entries, entries);
    assert.deepEqual(parseBaseline(`\ufeff${text.replaceAll('\n', '\r\n')}\r\n`, 'x.jsonl').entries, entries);
  });

  it('has one line an entry, that ends alike, and shows what cannot be seen', () => {
    assert.equal(text.split('\n').length, entries.length + 2);
    assert.match(text, /^\{"version":1\}\n\{"file":"drivers\/a\.c","rule":"pin-leak",/);
    assert.ok(text.includes('\\u202e') && !text.includes('\u202e'));
  });

  it('needs no more than what a finding is known again by', () => {
    const [entry] = parseBaseline(
      '{"version":1}\n\n{"file":"a.c","rule":"r","subject":"s","source":"l"}\n',
      'x',
    ).entries;
    assert.deepEqual(entry, {
      file: 'a.c',
      rule: 'r',
      mark: { subject: 's', sourceLine: 'l', occurrence: 0 },
      message: '',
      reason: '',
    });
  });

  const [head = '', one = '', two = ''] = text.split('\n');
  const wrong: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['nothing', '', /^x\.jsonl:1: is empty; a baseline begins with \{"version":1\}/],
    [
      'no JSON',
      'drivers/a.c pin-leak\n',
      /^x\.jsonl:1: is not a JSON object on a line of its own; a baseline begins with/,
    ],
    ['JSON over several lines', '{\n  "version": 1\n}\n', /^x\.jsonl:1: is not a JSON object on a line of its own/],
    ['no version', `${one}\n`, /^x\.jsonl:1: has no version; a baseline begins with/],
    ['another version', '{"version":2,"entries":[]}\n', /^x\.jsonl:1: is a baseline of version 2, and .* version 1; /],
    ['a version in words', '{"version":"1"}\n', /^x\.jsonl:1: is a baseline of version "1"/],
    ['a further key in the head', '{"version":1,"versoin":1}\n', /^x\.jsonl:1: unknown key 'versoin'; did you mean/],
    [
      'markers of a merge',
      `${head}\n<<<<<<< HEAD\n${one}\n=======\n${two}\n>>>>>>> topic\n`,
      /^x\.jsonl:2: is a conflict marker of a merge; keep the entries of both sides, and remove the markers$/,
    ],
    ['a marker in the head', `<<<<<<< HEAD\n${head}\n`, /^x\.jsonl:1: is a conflict marker/],
    [
      'a broken line',
      `${head}\n${one}\n${two.slice(0, 30)}\n`,
      /^x\.jsonl:3: is not a JSON object .*; correct the line/,
    ],
    ['a line that is a list', `${head}\n[]\n`, /^x\.jsonl:2: must be a JSON object$/],
    ['the same twice', `${head}\n${one}\n${two}\n${one}\n`, /^x\.jsonl:4: is the same finding as line 2; remove one/],
    [
      'a misspelt key',
      `${head}\n${one.replace('"reason"', '"raeson"')}\n`,
      /^x\.jsonl:2: unknown key 'raeson'; did you mean 'reason'\?$/,
    ],
    ['a missing key', `${head}\n{"file":"a.c"}\n`, /^x\.jsonl:2: has no 'rule'; correct the entry, or remove it$/],
    [
      'a reason that is no text',
      `${head}\n${one.replace('"reason 0"', '1')}\n`,
      /^x\.jsonl:2: 'reason' is 1, and must/,
    ],
    [
      'a wrong number',
      `${head}\n${one.replace('"occurrence":0', '"occurrence":-1')}\n`,
      /^x\.jsonl:2: 'occurrence' is -1/,
    ],
  ];
  for (const [what, broken, message] of wrong)
    it(`is refused in one line with its place: ${what}`, () => {
      assert.throws(
        () => parseBaseline(broken, 'x.jsonl'),
        (error) => error instanceof ConfigError && message.test(error.message) && !error.message.includes('\n'),
      );
    });
});
