import { type Config, ConfigError, configName, defaultConfig, parseConfig } from '../config/config.js';
import { isAtLeast, type Severity } from '../finding.js';
import type { Rule } from '../rule.js';
import { type AddedSuppression, listed } from './added.js';
import { placeOfText } from './place-of-text.js';

/** The text of a file before and after a change; null where it does not exist. */
export interface TextChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a change of the tree's configuration hides. */
export function addedSettings(change: TextChange, rules: readonly Rule[]): readonly AddedSuppression[] {
  const { path, before, after } = change;
  if (before === after) return [];
  const ids = rules.map(({ id }) => id);
  const now = readSettings(after, path, ids);
  if (now instanceof ConfigError)
    return [{ kind: 'unusable', why: withoutName(now.message, path), path, line: 1, column: 1 }];
  const former = readSettings(before, path, ids);
  const then = former instanceof ConfigError ? defaultConfig : former;
  const at = (...words: readonly string[]) => ({ path, ...placeOfText(after ?? '', words) });
  return [
    ...rules.flatMap((rule) => addedToRule(rule, then, now, at)),
    ...listed('exclusion', added(then.exclude, now.exclude), (excluded) => ({
      kind: 'exclusion',
      excluded,
      ...at('exclude', excluded),
    })),
    ...listed('macro', added(then.macros, now.macros), (word) => ({ kind: 'macro', word, ...at('macros', word) })),
    ...(JSON.stringify(then.markers) === JSON.stringify(now.markers)
      ? []
      : [{ kind: 'markers', ...at('markers') } as const]),
    ...(now.baseline === null || now.baseline === then.baseline
      ? []
      : [{ kind: 'baseline', baseline: now.baseline, ...at('baseline') } as const]),
  ];
}

/** The baseline that the tree's configuration names, relative to the tree; null for none. */
export function baselineOfConfig(text: string | null, rules: readonly Rule[]): string | null {
  const config = readSettings(
    text,
    configName,
    rules.map(({ id }) => id),
  );
  return config instanceof ConfigError ? null : config.baseline;
}

function readSettings(text: string | null, path: string, ruleIds: readonly string[]): Config | ConfigError {
  if (text === null) return defaultConfig;
  try {
    return parseConfig(text, path, ruleIds);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** A message without the name of the file that it begins with. */
function withoutName(message: string, path: string): string {
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}

function addedToRule(
  { id, severity }: Rule,
  then: Config,
  now: Config,
  at: (...words: readonly string[]) => Pick<AddedSuppression, 'path' | 'line' | 'column'>,
): readonly AddedSuppression[] {
  const settingOf = ({ rules }: Config): Severity | 'off' => (Object.hasOwn(rules, id) ? rules[id] : null) ?? severity;
  const [from, to] = [settingOf(then), settingOf(now)];
  if (from === to || from === 'off') return [];
  if (to === 'off') return [{ kind: 'rule-off', rule: id, ...at('rules', id) }];
  return isAtLeast(to, from) ? [] : [{ kind: 'lower-severity', rule: id, from, to, ...at('rules', id) }];
}

function added(before: readonly string[], after: readonly string[]): readonly string[] {
  const old = new Set(before);
  return [...new Set(after)].filter((one) => !old.has(one));
}
