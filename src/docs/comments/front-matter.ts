import { parse } from 'yaml';
import { ownValue } from '../../base/own-value.js';
import { readSource } from '../source.js';

/** What stands between the lines `---` at the head of one of our texts, and the text below it. */
interface FrontMatter {
  readonly data: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/**
 * Reads one of our texts with its front matter.
 * @param path below src/docs
 * @throws Error if the text has none
 */
export function readFrontMatter(path: string): FrontMatter {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readSource(path)) ?? [];
  const data: unknown = head === undefined ? undefined : parse(head);
  if (!isMapping(data) || body === undefined) throw new Error(`src/docs/${path}: has no front matter`);
  return { data, body };
}

/** The words of a key; undefined if it is not there. */
export function wordsAt(data: FrontMatter['data'], key: string): string | undefined {
  const value = ownValue(data, key);
  if (value !== undefined && typeof value !== 'string') throw new Error(`front matter: '${key}' must be words`);
  return value;
}

/** The entries of a key that holds a list; none if it is not there. */
export function listAt(data: FrontMatter['data'], key: string): readonly unknown[] {
  const value = ownValue(data, key) ?? [];
  if (!Array.isArray(value)) throw new Error(`front matter: '${key}' must be a list`);
  return value;
}

/** Whether a value is a mapping of keys to values. */
export function isMapping(value: unknown): value is FrontMatter['data'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
