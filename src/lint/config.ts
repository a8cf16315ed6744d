import { readFileSync } from 'node:fs';
import type { MarkerField } from '../contract/index.js';
import { UserError } from '../input/errors.js';
import type { Severity } from './finding.js';
import { nearestName } from './nearest.js';

/** What a user can set, in `dmabuf-lint.json`. */
export interface Config {
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  readonly markers: readonly MarkerField[];
  /** Words that mean nothing to the analysis, as attributes do. */
  readonly macros: readonly string[];
  /** Paths, or folders, that are left out. */
  readonly exclude: readonly string[];
}

export const configName = 'dmabuf-lint.json';

export const defaultConfig: Config = { rules: {}, markers: [], macros: [], exclude: [] };

/** A configuration that cannot be used; the message says where and what. */
export class ConfigError extends UserError {}

const settings: readonly string[] = ['off', 'note', 'warning', 'error'];

/**
 * Reads a configuration file.
 * @param ruleIds the rules that there are
 * @throws ConfigError where the file cannot be read, is no JSON, or says what is not known
 */
export function readConfig(path: string, ruleIds: readonly string[]): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(`${path}: cannot be read`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(
      `${path}: is no JSON: ${error instanceof Error ? firstLine(error.message) : 'cannot be parsed'}`,
    );
  }
  return checkConfig(value, path, ruleIds);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** Checks a configuration that has been parsed. @throws ConfigError */
export function checkConfig(value: unknown, path: string, ruleIds: readonly string[]): Config {
  const top = asObject(value, path, 'the configuration');
  for (const key of Object.keys(top))
    if (key !== '$schema' && !Object.hasOwn(defaultConfig, key))
      throw new ConfigError(`${path}: unknown key '${key}'${suggestion(key, Object.keys(defaultConfig))}`);
  return {
    rules: checkRules(settingOf(top, 'rules', {}), path, ruleIds),
    markers: asArray(settingOf(top, 'markers', []), path, 'markers').map((marker, index) =>
      checkMarker(marker, path, index),
    ),
    macros: asArray(settingOf(top, 'macros', []), path, 'macros').map((word) => asWord(word, path, 'macros')),
    exclude: asArray(settingOf(top, 'exclude', []), path, 'exclude').map((word) => asString(word, path, 'exclude')),
  };
}

/** What a key is set to; null is no setting, and is left to be refused. */
function settingOf(top: Readonly<Record<string, unknown>>, key: keyof Config, unset: unknown): unknown {
  return Object.hasOwn(top, key) ? top[key] : unset;
}

function checkRules(value: unknown, path: string, ruleIds: readonly string[]): Config['rules'] {
  const rules: Record<string, Severity | 'off'> = {};
  for (const [id, setting] of Object.entries(asObject(value, path, "'rules'"))) {
    if (!ruleIds.includes(id)) throw new ConfigError(`${path}: unknown rule '${id}'${suggestion(id, ruleIds)}`);
    if (typeof setting !== 'string' || !settings.includes(setting))
      throw new ConfigError(
        `${path}: rule '${id}' is set to ${JSON.stringify(setting)}; use one of ${settings.join(', ')}`,
      );
    rules[id] = setting as Severity | 'off';
  }
  return rules;
}

function checkMarker(value: unknown, path: string, index: number): MarkerField {
  const marker = asObject(value, path, `markers[${index}]`);
  const { field, meaning } = marker;
  if (typeof field !== 'string' || !/^\w+$/.test(field))
    throw new ConfigError(`${path}: markers[${index}] needs a 'field', the name of one of the struct's fields`);
  if (meaning !== 'cannot-revoke' && meaning !== 'can-revoke')
    throw new ConfigError(`${path}: markers[${index}] needs a 'meaning', cannot-revoke or can-revoke`);
  return { field, setMeansCannot: meaning === 'cannot-revoke' };
}

function asObject(value: unknown, path: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError(`${path}: ${what} must be an object`);
  return value as Record<string, unknown>;
}

function asArray(value: unknown, path: string, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ConfigError(`${path}: '${what}' must be a list`);
  return value;
}

function asString(value: unknown, path: string, what: string): string {
  if (typeof value !== 'string' || value === '') throw new ConfigError(`${path}: '${what}' must be a list of strings`);
  return value;
}

function asWord(value: unknown, path: string, what: string): string {
  const word = asString(value, path, what);
  if (!/^\w+$/.test(word)) throw new ConfigError(`${path}: '${what}' holds '${word}', which is no macro's name`);
  return word;
}

/** `; did you mean 'x'?`, or nothing. */
export function suggestion(word: string, among: readonly string[]): string {
  const near = nearestName(word, among);
  return near ? `; did you mean '${near}'?` : `; there are: ${among.join(', ')}`;
}
