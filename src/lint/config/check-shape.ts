import { UserError } from '../../base/errors.js';
import { ownValue } from '../../base/own-value.js';
import type { ObjectShape, Shape } from './config-shape.js';
import { nearestName } from './nearest.js';

/** A configuration or baseline that cannot be used. The message says where, and what is wrong. */
export class ConfigError extends UserError {}

/** Where a value comes from, for messages. */
export interface ShapedValue {
  /** The file, or the file and the line. */
  readonly name: string;
  /** What the value is as a whole: `the configuration`. */
  readonly whole: string;
}

/**
 * Checks a parsed value against a shape.
 * @param at the path of the value, such as `markers[0].field`; empty at the top
 * @throws ConfigError where a key is unknown or missing, or a value is wrong
 */
export function checkShape(value: unknown, shape: Shape, of: ShapedValue, at = ''): void {
  const is = `${of.name}: ${at === '' ? of.whole : `${at} is ${shown(value)}, and`} must be`;
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
      for (const [index, item] of value.entries()) checkShape(item, shape.of, of, `${at}[${index}]`);
      return;
    case 'object':
      if (!isObject(value)) throw new ConfigError(`${is} an object`);
      checkMembers(value, shape, of, at);
  }
}

function checkMembers(
  value: Readonly<Record<string, unknown>>,
  { members, keyNoun }: ObjectShape,
  of: ShapedValue,
  at: string,
): void {
  // Only the key 'rules' holds rules, so the message need not name it.
  const where = at === '' || keyNoun === 'rule' ? '' : ` in ${at}`;
  const known = Object.keys(members);
  for (const [key, setting] of Object.entries(value)) {
    const member = ownValue(members, key);
    if (!member) throw new ConfigError(`${of.name}: unknown ${keyNoun} '${key}'${where}${suggestion(key, known)}`);
    checkShape(setting, member.shape, of, at === '' ? key : `${at}.${key}`);
  }
  for (const [key, { isRequired }] of Object.entries(members))
    if (isRequired && !Object.hasOwn(value, key))
      throw new ConfigError(`${of.name}: ${at === '' ? of.whole : at} has no '${key}', and needs one`);
}

/** Whether a value is an object, and neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
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
