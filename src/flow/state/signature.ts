import { answerKeys, isZeroed, type State, signsOf } from './state.js';
import { anySign, bad, type Value } from './value.js';

/** Where two states are compared. */
export interface SignaturePoint {
  /** Id of the call frame. */
  readonly frame: string;
  /** The last offset at which each variable of the function is used. */
  readonly lastUses: ReadonlyMap<string, number>;
  /** The first offset at which each variable is declared; parameters are not listed. */
  readonly declarations: ReadonlyMap<string, number>;
  /** The tests that stand in the function more than once. */
  readonly repeated: readonly RepeatedAnswer[];
  /** The offset of the point. A variable that is not used from here on, or is declared anew before it is, does not count. */
  readonly at: number;
}

/** Where a state keeps the answer of a test that stands in a function more than once. */
export interface RepeatedAnswer {
  /** The last offset of the test. */
  readonly last: number;
  readonly decided: string;
  readonly variant: string;
}

/** The answers of the tests of one frame, given with their last offsets. */
export function repeatedAnswers(frame: string, repeated: ReadonlyMap<string, number>): readonly RepeatedAnswer[] {
  return [...repeated].map(([test, last]) => ({
    last,
    decided: answerKeys.decided(frame, test),
    variant: answerKeys.variant(test),
  }));
}

function isDead(name: string, { lastUses, declarations, at }: SignaturePoint): boolean {
  return (lastUses.get(name) ?? 0) < at || (declarations.get(name) ?? 0) > at;
}

/** What makes two states at the same point equal: a text, the same for both. */
export type SignatureOf = (state: State, point: SignaturePoint) => string;

/**
 * The signature of a state for following resources: the resources, and what is known of the variables still in use.
 * Values are renumbered by order of appearance, since every path numbers its values differently.
 */
export const signature: SignatureOf = (state, point) => describe(state, point, null);

/**
 * The same with all else that decides about tests: which members of a zeroed object were filled, and how values compare.
 * @param numberOf the number that a value is, or undefined
 */
export function exactSignature(numberOf: NumberOf): SignatureOf {
  return (state, point) => describe(state, point, numberOf);
}

type NumberOf = (value: Value) => number | undefined;

function describe(state: State, point: SignaturePoint, numberOf: NumberOf | null): string {
  const numbers = new Map<Value, number>();
  const texts: string[] = [];
  const number = (value: Value): string => {
    const known = numbers.get(value);
    if (known !== undefined) return texts[known] ?? '';
    const text = `${texts.length}${isZeroed(state, value) ? 'z' : ''}${state.shared.has(value) ? 's' : ''}${state.freed.has(value) ? 'f' : ''}:${signsOf(state, value)}`;
    numbers.set(value, texts.length);
    texts.push(text);
    return text;
  };
  const parts: string[] = [String(state.depth), decided(state, point)];
  for (const resource of state.resources)
    parts.push(
      `${resource.kind}${resource.at}${resource.status}${resource.count}${resource.failedAfter ? 'failed' : ''}${resource.direction ?? ''}h${number(resource.handle)}`,
    );
  const prefix = `${point.frame}:`;
  state.variables.forEach((value, key) => {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : null;
    if (name === null || !isDead(name, point)) parts.push(`${key}=${number(value)}`);
  });
  state.heap.forEach((value, key) => {
    const dot = key.indexOf('.');
    const object = Number(key.slice(0, dot));
    const base = numbers.get(object);
    if (base === undefined) return;
    const isTold = numberOf && isZeroed(state, object);
    if (isTold || numbers.has(value) || signsOf(state, value) !== anySign)
      parts.push(`${base}${key.slice(dot)}=${number(value)}`);
  });
  if (numberOf) parts.push(...comparisons(state, numbers, numberOf));
  return parts.join(',');
}

/** How the values of a signature compare with each other, and with numbers, as far as tests have told. */
function comparisons({ answers }: State, numbers: ReadonlyMap<Value, number>, numberOf: NumberOf): readonly string[] {
  const nameOf = (value: Value): string | undefined => {
    const literal = numberOf(value);
    if (literal !== undefined) return `#${literal}`;
    const known = numbers.get(value);
    return known === undefined ? undefined : String(known);
  };
  const found: string[] = [];
  answers.forEach((answer, key) => {
    const pair = answerKeys.compared(key);
    const left = pair && nameOf(pair.left);
    const right = pair && nameOf(pair.right);
    if (pair && left !== undefined && right !== undefined) found.push(`${left}${pair.operator}${right}${answer}`);
  });
  return found.sort();
}

/**
 * A coarser signature: which resources are held, and the signs of the variables still in use. It serves for locks, and
 * where a function has too many paths to tell them apart.
 */
export const coarseSignature: SignatureOf = (state, point) => {
  const parts: string[] = [String(state.depth), decided(state, point)];
  for (const { at: taken, status, api } of state.resources) parts.push(`${taken}${status}${api}`);
  // A path that made a call which leaves the state of a lock to its caller may contradict itself later.
  for (const kind of ['required', 'forbidden'] as const)
    if (state.answers.has(answerKeys.anyLockOpen(kind))) parts.push(kind);
  const prefix = `${point.frame}:`;
  state.variables.forEach((value, key) => {
    if (!key.startsWith(prefix)) return;
    const signs = signsOf(state, value);
    if (signs === anySign) return;
    const name = key.slice(prefix.length);
    const isInterrupted = signs === bad && state.answers.get(answerKeys.interrupted(value)) === true;
    if (!isDead(name, point)) parts.push(`${name}${isInterrupted ? 'interrupted' : signs}`);
  });
  return parts.join(',');
};

/** What the path answered to tests that come again: there it gives the same answer. */
function decided({ answers }: State, { repeated, at }: SignaturePoint): string {
  let found = '';
  for (const { last, decided: test, variant } of repeated)
    if (last >= at) found += `${answers.get(test) ?? answers.get(variant) ?? '?'};`;
  return found;
}
