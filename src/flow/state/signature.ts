import type { Frame } from '../paths/model.js';
import { type State, signsOf, type Value } from './state.js';

/**
 * What two states at the same place must share for one of them to stand for both: the resources, and what is known of
 * the variables that are still looked at. Values are renumbered, since each path has numbers of its own.
 */
export function signature(state: State, frame: Frame, lastUses: ReadonlyMap<string, number>, at: number): string {
  const numbers = new Map<Value, number>();
  const number = (value: Value): string => {
    let known = numbers.get(value);
    if (known === undefined) {
      known = numbers.size;
      numbers.set(value, known);
    }
    return `${known}${state.shared.has(value) ? 's' : ''}${state.freed.has(value) ? 'f' : ''}:${signsOf(state, value)}`;
  };
  const parts: string[] = [String(state.depth)];
  for (const resource of state.resources)
    parts.push(`${resource.kind}${resource.at}${resource.status}${resource.count}h${number(resource.handle)}`);
  const prefix = `${frame.id}:`;
  for (const [key, value] of state.variables) {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : null;
    if (name !== null && (lastUses.get(name) ?? 0) < at) continue;
    parts.push(`${key}=${number(value)}`);
  }
  for (const [key, value] of state.heap) {
    const dot = key.indexOf('.');
    const base = numbers.get(Number(key.slice(0, dot)));
    if (base !== undefined && (numbers.has(value) || signsOf(state, value) !== 7))
      parts.push(`${base}${key.slice(dot)}=${number(value)}`);
  }
  return parts.join(',');
}

/**
 * The same for who watches locks alone: which are held, and what is known of the numbers and pointers still looked at.
 * Two paths that differ in anything else are one.
 */
export function lockSignature(state: State, frame: Frame, lastUses: ReadonlyMap<string, number>, at: number): string {
  const parts: string[] = [String(state.depth)];
  for (const { at: taken, status, api } of state.resources) parts.push(`${taken}${status}${api}`);
  const prefix = `${frame.id}:`;
  for (const [key, value] of state.variables) {
    const signs = signsOf(state, value);
    if (signs === 7 || !key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    if ((lastUses.get(name) ?? 0) >= at) parts.push(`${name}${signs}`);
  }
  return parts.join(',');
}
