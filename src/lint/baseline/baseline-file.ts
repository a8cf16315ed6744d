import { ConfigError, suggestion } from '../config/config.js';
import { type Baseline, type BaselineEntry, entryFingerprint } from './baseline.js';
import { timelessFingerprint } from './compare.js';

/** The default file name of a baseline. */
export const baselineName = 'dmabuf-lint-baseline.jsonl';

const version = 1;

/** The keys of an entry, in the order in which they are written. The fingerprint is for other tools; it is not read back. */
const keys = ['file', 'rule', 'subject', 'source', 'occurrence', 'message', 'reason', 'fingerprint'] as const;

type Key = (typeof keys)[number];

/**
 * Writes a baseline as text: a header line with the version, then one line of JSON for each finding. No line depends on
 * another, not even by a comma, so that git can merge two baselines, also with `merge=union`.
 */
export function formatBaseline(entries: readonly BaselineEntry[]): string {
  const lines = entries.map((entry) => {
    const { rule, file, mark, message, reason } = entry;
    const { subject, sourceLine: source, occurrence } = mark;
    const fingerprint = entryFingerprint(entry);
    const values: Record<Key, unknown> = { file, rule, subject, source, occurrence, message, reason, fingerprint };
    return JSON.stringify(values).replace(unseen, escaped);
  });
  return [JSON.stringify({ version }), ...lines].map((line) => `${line}\n`).join('');
}

/** Control, zero-width and bidirectional characters: a reviewer would not see them, or would see other text. */
const unseen = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Reads the text of a baseline.
 * @param path its name in messages
 * @throws ConfigError with the line, what is wrong, and what to do
 */
export function parseBaseline(text: string, path: string): Baseline {
  return { path, entries: readEntries(text, path).map(({ entry }) => entry) };
}

/** An entry of a baseline, and the 1-based line on which it stands. */
export interface PlacedEntry {
  readonly entry: BaselineEntry;
  readonly line: number;
}

/** Reads the entries with their lines. @throws ConfigError, as {@link parseBaseline} does */
export function readEntries(text: string, path: string): readonly PlacedEntry[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line, index) => ({ line: line.trim(), place: `${path}:${index + 1}`, number: index + 1 }))
    .filter(({ line }) => line !== '');
  for (const { line, place } of lines)
    if (/^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.test(line))
      throw new ConfigError(
        `${place}: is a conflict marker of a merge; keep the entries of both sides, and remove the markers`,
      );
  const [header, ...rest] = lines;
  checkHeader(header, path);
  const seen = new Map<string, number>();
  return rest.map(({ line, place, number }) => {
    const entry = readEntry(parseLine(line, place), place);
    const key = timelessFingerprint(entry, entry.file);
    const former = seen.get(key);
    if (former !== undefined)
      throw new ConfigError(`${place}: is the same finding as line ${former}; remove one of the two`);
    seen.set(key, number);
    return { entry, line: number };
  });
}

interface Line {
  readonly line: string;
  readonly place: string;
}

function checkHeader(header: Line | undefined, path: string): void {
  const expected = `a baseline begins with ${JSON.stringify({ version })}`;
  if (!header) throw new ConfigError(`${path}:1: is empty; ${expected}; write one with dmabuf-lint baseline`);
  const { place } = header;
  const value = parseLine(header.line, place, `; ${expected}`);
  if (!Object.hasOwn(value, 'version')) throw new ConfigError(`${place}: has no version; ${expected}`);
  if (value['version'] !== version)
    throw new ConfigError(
      `${place}: is a baseline of version ${JSON.stringify(value['version'])}, and this program reads version ${version}; write a new one with dmabuf-lint baseline --output, into another file, or use the program that wrote it`,
    );
  for (const key of Object.keys(value))
    if (key !== 'version') throw new ConfigError(`${place}: unknown key '${key}'${suggestion(key, ['version'])}`);
}

function parseLine(line: string, place: string, hint = ''): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ConfigError(
      `${place}: is not a JSON object on a line of its own${hint || '; correct the line, or remove it'}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError(`${place}: must be a JSON object${hint}`);
  return value as Readonly<Record<string, unknown>>;
}

function readEntry(value: Readonly<Record<string, unknown>>, place: string): BaselineEntry {
  const known: readonly string[] = keys;
  for (const key of Object.keys(value))
    if (!known.includes(key)) throw new ConfigError(`${place}: unknown key '${key}'${suggestion(key, known)}`);
  const textOf = (key: Key, unset?: string): string => {
    const text = Object.hasOwn(value, key) ? value[key] : unset;
    if (typeof text === 'string') return text;
    throw new ConfigError(
      text === undefined
        ? `${place}: has no '${key}'; correct the entry, or remove it`
        : `${place}: '${key}' is ${JSON.stringify(text)}, and must be text in quotes`,
    );
  };
  const occurrence = Object.hasOwn(value, 'occurrence') ? value['occurrence'] : 0;
  if (typeof occurrence !== 'number' || !Number.isSafeInteger(occurrence) || occurrence < 0)
    throw new ConfigError(`${place}: 'occurrence' is ${JSON.stringify(occurrence)}, and must be a number, 0 or more`);
  return {
    file: textOf('file'),
    rule: textOf('rule'),
    mark: { subject: textOf('subject'), sourceLine: textOf('source'), occurrence },
    message: textOf('message', ''),
    reason: textOf('reason', ''),
  };
}
