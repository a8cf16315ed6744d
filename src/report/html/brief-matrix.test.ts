import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BriefCell, BriefNegotiation } from '../../contract/index.js';
import { briefMatrixSection } from './brief-matrix.js';

/** A table of two importers; for each exporter the verdicts of both. */
function page(exporters: Readonly<Record<string, readonly [BriefCell['verdict'], BriefCell['verdict']]>>): string {
  const importers = ['good_ops', 'bad_ops'].map((name) => ({ key: `i.c:${name}`, name }));
  const negotiation: BriefNegotiation = {
    importers,
    exporters: Object.keys(exporters).map((name) => ({ key: `e.c:${name}`, name })),
    cells: Object.entries(exporters).flatMap(([name, verdicts]) =>
      verdicts.map((verdict, index) => ({
        importer: importers[index]?.key ?? '',
        exporter: `e.c:${name}`,
        verdict,
        cause: 'stays',
        reason: `${name} <does> it`,
      })),
    ),
  };
  return briefMatrixSection(negotiation).markup;
}

describe('who may attach to whom, on the page of a scan', () => {
  it('is a table in which each cell that does not work links to its reason', () => {
    const text = page({ moves: ['works', 'unsafe'], asks: ['works', 'refused at attach'] });
    const [, id] = /<td class="unsafe"><a href="#(reason-\d+)"/.exec(text) ?? [];
    assert.match(
      text,
      new RegExp(
        `<li id="${id}"[^>]*><strong>unsafe</strong>: <code>bad_ops</code> with <code>moves</code>: moves &#60;does`,
      ),
    );
    assert.match(text, /<td class="works"><span class="plain">/);
    assert.ok(text.indexOf('moves') < text.indexOf('asks'), 'the worst column comes first');
  });

  it('has one column for exporters with the same outcomes, of which the head names a few and the text all', () => {
    const names = ['e1', 'e2', 'e3', 'e4'];
    const text = page(Object.fromEntries(names.map((name) => [name, ['works', 'unsafe'] as const])));
    assert.equal(text.match(/<th scope="col"/g)?.length, 2);
    assert.match(text, /<a class="driver" href="#column-1">and 3 more<\/a>/);
    assert.match(text, /<p id="column-1">.*<code>e1<\/code>.*<code>e2<\/code>, <code>e3<\/code>, <code>e4<\/code>/s);
  });

  it('says in a sentence which exporters work with everybody', () => {
    const text = page({ stays: ['works', 'works'] });
    assert.match(text, /<p>Every importer works with <code>stays<\/code>\.<\/p>/);
    assert.doesNotMatch(text, /<table|Reasons/);
  });

  it('says where there is no pair', () => {
    assert.match(page({}), /There is no pair of an importer and an exporter/);
  });
});
