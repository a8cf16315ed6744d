import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MarkerField } from '../../contract/index.js';
import type { Severity } from '../finding.js';
import { ConfigError, checkShape, isObject } from './check-shape.js';
import { configShape } from './config-shape.js';

export { ConfigError, suggestion } from './check-shape.js';

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
  checkShape(top, configShape(ruleIds.map((id) => ({ id }))), { name: path, whole: 'the configuration' });
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
