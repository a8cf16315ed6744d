import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { fixturesFolder, fixtureTrees } from '../../dev/examples/example-tree.js';
import { openFolder } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { severities } from '../../lint/finding.js';
import { defaultConfig, type ScanOutcome } from '../../lint/index.js';
import { scanReport } from '../scan-report.js';
import { summaryLine } from '../text/summary.js';
import { formatText } from '../text/text.js';
import { formatJson } from './json.js';
import { formatB4, formatGcc } from './lines.js';

/** The keys of every object of a list, which must be the same for all. */
function keysOf(list: readonly object[], what: string): readonly string[] {
  assert.notEqual(list.length, 0, `no ${what} in the fixture`);
  const [first, ...others] = list.map((entry) => Object.keys(entry));
  for (const keys of others) assert.deepEqual(keys, first, what);
  return first ?? [];
}

/** The keys of each object of the published result, in order. */
const published = {
  result: [
    'version',
    'tree',
    'dialect',
    'importers',
    'staticImporters',
    'exporters',
    'findings',
    'notAnalysed',
    'stats',
  ],
  tree: ['kernelVersion', 'revision'],
  dialect: ['callback', 'notify', 'revocableCheck', 'markers'],
  stats: ['filesSeen', 'filesParsed', 'functions', 'milliseconds'],
  importer: [
    'ops',
    'file',
    'line',
    'allowPeer2peer',
    'callback',
    'callbackKind',
    'pins',
    'pinSites',
    'attachSites',
    'usedBy',
    'status',
  ],
  exporter: [
    'ops',
    'file',
    'line',
    'pin',
    'unpin',
    'pinPolicy',
    'requiresPeer2peer',
    'invalidates',
    'revokes',
    'rejectsNonRevocable',
    'waitsForFences',
    'waitsForUnmap',
  ],
  finding: ['rule', 'severity', 'confidence', 'file', 'line', 'column', 'message', 'trace', 'fingerprint'],
  step: ['file', 'line', 'message'],
  place: ['file', 'line', 'function'],
  gap: ['file', 'line', 'function', 'reason'],
} as const;

for (const [dialect, folder] of Object.entries(fixtureTrees)) {
  describe(`the result for the ${dialect} fixture`, () => {
    let outcome: ScanOutcome;
    before(async () => {
      outcome = outcomeOf(await lintTree(openFolder(join(fixturesFolder, folder)), rules, defaultConfig));
    });

    it('as JSON has the published shape, keys in order', () => {
      const json = JSON.parse(formatJson(outcome));
      assert.deepEqual(Object.keys(json), published.result);
      assert.equal(json.version, 1);
      assert.deepEqual(Object.keys(json.tree), published.tree);
      assert.deepEqual(Object.keys(json.dialect), published.dialect);
      assert.deepEqual(Object.keys(json.stats), published.stats);
      assert.deepEqual(keysOf(json.importers, 'importer'), published.importer);
      assert.deepEqual(keysOf(json.exporters, 'exporter'), published.exporter);
      assert.deepEqual(keysOf(json.findings, 'finding'), published.finding);
      const steps = json.findings.flatMap((finding: { trace: object[] }) => finding.trace);
      assert.deepEqual(keysOf(steps, 'trace step'), published.step);
      const places = [
        ...json.staticImporters,
        ...json.importers.flatMap((entry: { attachSites: object[]; pinSites: object[] }) => [
          ...entry.attachSites,
          ...entry.pinSites,
        ]),
      ];
      assert.deepEqual(keysOf(places, 'place'), published.place);
      for (const gap of json.notAnalysed) assert.deepEqual(Object.keys(gap), published.gap);
    });

    it('as JSON uses the published words only', () => {
      const json = JSON.parse(formatJson(outcome));
      assert.equal(['move_notify', 'invalidate_mappings'].includes(json.dialect.callback), true);
      for (const importer of json.importers) {
        assert.match(importer.callbackKind, /^(absent|stub|unmaps|blocks-access|opaque)$/);
        assert.match(importer.pins, /^(always|sometimes|never)$/);
        assert.match(importer.status, /^(revocable|declared-non-revocable|undeclared-non-revocable|unsafe|unknown)$/);
      }
      for (const exporter of json.exporters)
        assert.match(exporter.pinPolicy, /^(none|accepts|refuses-all|refuses-non-revocable)$/);
      for (const finding of json.findings) {
        assert.match(finding.severity, /^(error|warning|note)$/);
        assert.match(finding.confidence, /^(high|medium|low)$/);
        assert.match(finding.fingerprint, /^[0-9a-f]{32}$/);
      }
    });

    it('as JSON has paths relative to the tree, and every list in order', () => {
      const json = JSON.parse(formatJson(outcome));
      for (const list of [json.importers, json.exporters, json.findings, json.staticImporters]) {
        const places = list.map(
          ({ file, line }: { file: string; line: number }) => `${file}:${String(line).padStart(8, '0')}`,
        );
        assert.deepEqual(places, [...places].sort());
        for (const place of places) assert.match(place, /^(drivers|include)\//);
      }
      assert.equal(
        new Set(json.findings.map((finding: { fingerprint: string }) => finding.fingerprint)).size,
        json.findings.length,
      );
    });

    it('as gcc lines is what vim and emacs parse, one line a finding and one a trace step', () => {
      const lines = formatGcc(scanReport(outcome, { repository: null, changedLines: new Map() })).split('\n');
      assert.equal(lines.pop(), '');
      for (const line of lines) assert.match(line, /^[^:\s]+:\d+:\d+: (error|warning|note): .+$/);
      assert.equal(lines.filter((line) => / \[[\w-]+\]$/.test(line)).length, outcome.findings.length);
      const steps = outcome.findings.flatMap((finding) => finding.trace).length;
      assert.equal(lines.length, outcome.findings.length + steps + outcome.facts.notAnalysed.length);
    });

    it('as text has every importer, exporter and finding with its line, and the summary last', () => {
      const text = formatText(outcome, false);
      for (const { ops } of [...outcome.facts.inventory.importers, ...outcome.facts.inventory.exporters])
        assert.ok(text.includes(`${ops} `), ops);
      for (const finding of outcome.findings)
        assert.ok(text.includes(`${finding.file}:${finding.line}:${finding.column}: ${finding.severity}: `));
      assert.ok(text.endsWith(`\n${summaryLine(outcome)}\n`));
    });

    it('as text puts a caret under the column', () => {
      const lines = formatText(outcome, false).split('\n');
      const carets = lines.flatMap((line, index) => (/^ +\| \s*\^$/.test(line) ? [index] : []));
      assert.equal(carets.length, outcome.findings.length);
      const worstFirst = severities.flatMap((severity) => outcome.findings.filter((one) => one.severity === severity));
      worstFirst.forEach((finding, number) => {
        const at = carets[number] ?? 0;
        const source = /^ *(\d+) \| (.*)$/.exec(lines[at - 1] ?? '');
        assert.equal(source?.[1], String(finding.line));
        assert.equal(/\| (\s*)\^$/.exec(lines[at] ?? '')?.[1]?.length, finding.column - 1);
      });
    });

    it('for b4 has short lines, which b4 puts into its own', () => {
      const lines = formatB4(scanReport(outcome, { repository: null, changedLines: new Map() }))
        .trimEnd()
        .split('\n');
      for (const line of lines) assert.ok(line.length <= 100, line);
      const severe = outcome.findings.filter(({ severity }) => severity !== 'note');
      assert.equal(lines.length, Math.max(1, severe.length));
      assert.equal(
        lines.filter((line) => line.includes(' ERROR:')).length,
        severe.filter(({ severity }) => severity === 'error').length,
      );
    });

    it('as text is the same with colour and without, but for the colours', () => {
      const coloured = formatText(outcome, true);
      assert.ok(coloured.includes('\u001b[31merror\u001b[39m'));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
      assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), formatText(outcome, false));
      assert.ok(!formatText(outcome, false).includes('\u001b'));
    });
  });
}
