import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rules } from '../../../rules/index.js';
import { UserError } from '../../base/errors.js';
import { deceptiveCharacters } from '../../base/visible.js';
import { formatBaseline, parseBaseline, readEntries } from '../../lint/baseline/baseline-file.js';
import type { AddedSuppression } from '../../lint/change/added.js';
import { addedEntries } from '../../lint/change/added-entries.js';
import { addedSettings } from '../../lint/change/added-settings.js';
import { parseConfig } from '../../lint/config/config.js';
import { type Config, defaultConfig } from '../../lint/index.js';
import { type FuzzProperty, pureProperty } from './fuzz-property.js';
import { baselineTexts, configTexts } from './settings-inputs.js';

const ids = rules.map(({ id }) => id);
const path = 'dmabuf-lint.json';

/** What was read; null where it was refused. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** @returns whether it could be read */
export function checkConfigText(text: string): boolean {
  const config = orNull(() => parseConfig(text, 'tree/dmabuf-lint.json', ids));
  if (!config) return false;
  for (const [id, severity] of Object.entries(config.rules))
    assert.ok(ids.includes(id) && ['off', 'note', 'warning', 'error'].includes(severity));
  assert.ok(config.baseline === null || config.baseline.startsWith('tree/'), 'a baseline stays in the folder');
  for (const { field } of config.markers) assert.match(field, /^\w+$/);
  for (const macro of config.macros) assert.match(macro, /^\w+$/);
  return true;
}

const unseen = new RegExp(`[${deceptiveCharacters}]`);

/** What is read and written again is the same, and shows all its characters. @returns whether it could be read */
export function checkBaselineText(text: string): boolean {
  const baseline = orNull(() => parseBaseline(text, 'fuzz.jsonl'));
  if (!baseline) return false;
  const written = formatBaseline(baseline.entries);
  assert.doesNotMatch(written, unseen);
  assert.equal(written.split('\n').length, baseline.entries.length + 2);
  assert.deepEqual(parseBaseline(written, 'fuzz.jsonl').entries, baseline.entries);
  return true;
}

interface Change {
  readonly before: string | null;
  readonly after: string | null;
}

const severityOf = ({ rules: settings }: Config, id: string): string =>
  (Object.hasOwn(settings, id) ? settings[id] : null) ?? rules.find((rule) => rule.id === id)?.severity ?? '';

/** The number of additions of a kind, with those that are only counted. */
function countOf(added: readonly AddedSuppression[], kind: AddedSuppression['kind']): number {
  const more = added.find((one) => one.kind === 'more' && one.of === kind);
  return added.filter((one) => one.kind === kind).length + (more?.kind === 'more' ? more.count : 0);
}

function checkPlaces(added: readonly AddedSuppression[], text: string): void {
  const lines = text.split('\n');
  for (const { line, column } of added) {
    assert.ok(line >= 1 && line <= lines.length);
    assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1);
  }
}

/** What a change of a configuration switches off is told, and one that cannot be read is told as well. */
function checkSettingsChange({ before, after }: Change): void {
  const added = addedSettings({ path, before, after }, rules);
  if (before === after) {
    assert.deepEqual(added, []);
    return;
  }
  checkPlaces(added, after ?? '');
  const read = (text: string | null) => (text === null ? defaultConfig : orNull(() => parseConfig(text, path, ids)));
  const now = read(after);
  if (!now) {
    assert.deepEqual(
      added.map(({ kind }) => kind),
      ['unusable'],
    );
    return;
  }
  const then = read(before) ?? defaultConfig;
  const isOff = (config: Config) => (id: string) => severityOf(config, id) === 'off';
  const off = ids.filter(isOff(now)).filter((id) => !isOff(then)(id));
  assert.deepEqual(added.flatMap((one) => (one.kind === 'rule-off' ? [one.rule] : [])).sort(), [...off].sort());
  const others = (all: readonly string[], old: readonly string[]) =>
    new Set(all.filter((one) => !old.includes(one))).size;
  assert.equal(countOf(added, 'exclusion'), others(now.exclude, then.exclude));
  assert.equal(countOf(added, 'macro'), others(now.macros, then.macros));
  assert.equal(countOf(added, 'baseline'), Number(now.baseline !== null && now.baseline !== then.baseline));
  assert.equal(countOf(added, 'markers'), Number(JSON.stringify(now.markers) !== JSON.stringify(then.markers)));
  const rank = (severity: string): number => ['off', 'note', 'warning', 'error'].indexOf(severity);
  const lower = ids.filter((id) => !isOff(now)(id) && rank(severityOf(now, id)) < rank(severityOf(then, id)));
  assert.equal(countOf(added, 'lower-severity'), lower.length);
}

/** The entries that a change adds to a baseline are told, each once. */
function checkEntriesChange({ before, after }: Change): void {
  const added = addedEntries({ path: 'x.jsonl', before, after }, new Map());
  if (before === after || after === null) {
    assert.deepEqual(added, []);
    return;
  }
  checkPlaces(added, after);
  const read = (text: string | null) => (text === null ? [] : orNull(() => readEntries(text, 'x.jsonl')));
  const now = read(after);
  if (!now) {
    assert.deepEqual(
      added.map(({ kind }) => kind),
      ['unusable'],
    );
    return;
  }
  const then = read(before) ?? [];
  if (then.length === 0) assert.equal(countOf(added, 'entry'), now.length);
  else assert.ok(countOf(added, 'entry') >= now.length - then.length);
}

const changeOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<Change> =>
  fc.record({ before: fc.option(texts, { freq: 2 }), after: fc.option(texts, { freq: 9 }) });

export const settingsProperties: readonly FuzzProperty[] = [
  pureProperty('a configuration of any shape is read', 8000, configTexts, checkConfigText),
  pureProperty('a baseline of any shape is read', 8000, baselineTexts, checkBaselineText),
  pureProperty('a configuration of any shape in a patch is told', 8000, changeOf(configTexts), checkSettingsChange),
  pureProperty('a baseline of any shape in a patch is told', 8000, changeOf(baselineTexts), checkEntriesChange),
];
