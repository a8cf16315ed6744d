import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { ownValue } from '../../base/own-value.js';
import type { MarkerField } from '../../contract/index.js';
import type { Severity } from '../finding.js';
import { configShape, type ObjectShape, type Shape } from './config-shape.js';
import { nearestName } from './nearest.js';

/** The settings that a user makes in `dmabuf-lint.json`. */
export interface Config {
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  readonly markers: readonly MarkerField[];
  /** Macros of the tree that the analysis must ignore, as it ignores attributes. */
  readonly macros: readonly string[];
  /** Files and folders that are not analysed. */
  readonly exclude: readonly string[];
  /** The path of the baseline, or null. */
  readonly baseline: string | null;
}

/** The name of the configuration file, which is looked for at the top of the tree. */
export const configName = 'dmabuf-lint.json';

/** The configuration of a tree that has none. */
export const defaultConfig: Config = { rules: {}, markers: [], macros: [], exclude: [], baseline: null };

/** A configuration or baseline that cannot be used. The message says where, and what is wrong. */
export class ConfigError extends UserError {}

/**
 * Reads a configuration file.
 * @param ruleIds the ids of all rules
 * @param name the name of the file in messages; relative paths in the configuration start at its folder
 * @throws ConfigError where the file cannot be read, is no JSON, or has an unknown key or a wrong value
 */
export function readConfig(path: string, ruleIds: readonly string[], name = path): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(`${name}: cannot be read`);
  }
  return parseConfig(text, name, ruleIds);
}

/**
 * Reads the text of a configuration.
 * @param folder where relative paths in it start
 * @throws ConfigError
 */
export function parseConfig(text: string, name: string, ruleIds: readonly string[], folder = dirname(name)): Config {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(
      `${name}: is not JSON: ${error instanceof Error ? firstLine(error.message) : 'cannot be parsed'}`,
    );
  }
  return checkConfig(value, name, ruleIds, folder);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** Checks a parsed configuration, and fills in the defaults. @throws ConfigError */
export function checkConfig(value: unknown, path: string, ruleIds: readonly string[], folder = dirname(path)): Config {
  const top = withoutSchema(value, path);
  checkShape(top, configShape(ruleIds.map((id) => ({ id }))), path, '');
  const { markers, baseline, ...others } = top as Checked;
  return {
    ...defaultConfig,
    ...others,
    markers: (markers ?? []).map(({ field, meaning }) => ({ field, setMeansCannot: meaning === 'cannot-revoke' })),
    baseline: baseline === undefined ? null : join(folder, baseline),
  };
}

/** A configuration whose shape has been checked. */
interface Checked extends Partial<Pick<Config, 'rules' | 'macros' | 'exclude'>> {
  readonly markers?: readonly { readonly field: string; readonly meaning: string }[];
  readonly baseline?: string;
}

/** Removes the key by which a configuration names its JSON schema for editors. */
function withoutSchema(value: unknown, path: string): unknown {
  if (!isObject(value) || !Object.hasOwn(value, '$schema')) return value;
  const { $schema, ...rest } = value;
  if (typeof $schema !== 'string')
    throw new ConfigError(
      `${path}: $schema is ${JSON.stringify($schema)}, and must be the path or URL of a JSON schema`,
    );
  return rest;
}

/** Checks one value. @param at its path in the configuration, such as `markers[0].field`; empty at the top */
function checkShape(value: unknown, shape: Shape, path: string, at: string): void {
  const is = `${path}: ${at === '' ? 'the configuration' : `${at} is ${shown(value)}, and`} must be`;
  switch (shape.kind) {
    case 'text':
      if (typeof value !== 'string' || !new RegExp(shape.pattern, 'u').test(value))
        throw new ConfigError(`${is} ${shape.noun}`);
      return;
    case 'choice':
      if (typeof value !== 'string' || !shape.among.includes(value))
        throw new ConfigError(`${is} one of ${shape.among.join(', ')}`);
      return;
    case 'list':
      if (!Array.isArray(value)) throw new ConfigError(`${is} a list`);
      for (const [index, item] of value.entries()) checkShape(item, shape.of, path, `${at}[${index}]`);
      return;
    case 'object':
      if (!isObject(value)) throw new ConfigError(`${is} an object`);
      checkMembers(value, shape, path, at);
  }
}

function checkMembers(
  value: Readonly<Record<string, unknown>>,
  { members, keyNoun }: ObjectShape,
  path: string,
  at: string,
): void {
  // Only the key 'rules' holds rules, so the message need not name it.
  const where = at === '' || keyNoun === 'rule' ? '' : ` in ${at}`;
  const known = Object.keys(members);
  for (const [key, setting] of Object.entries(value)) {
    const member = ownValue(members, key);
    if (!member) throw new ConfigError(`${path}: unknown ${keyNoun} '${key}'${where}${suggestion(key, known)}`);
    checkShape(setting, member.shape, path, at === '' ? key : `${at}.${key}`);
  }
  for (const [key, { isRequired }] of Object.entries(members))
    if (isRequired && !Object.hasOwn(value, key))
      throw new ConfigError(`${path}: ${at} has no '${key}', and needs one`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as JSON, cut to 60 characters. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Ends a message about an unknown word: `; did you mean 'x'?`, or a list of the known words. */
export function suggestion(word: string, among: readonly string[]): string {
  const near = nearestName(word, among);
  return near ? `; did you mean '${near}'?` : `; there are: ${among.join(', ')}`;
}
