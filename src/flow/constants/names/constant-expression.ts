// `(EX_ALL & ~EX_DETACHED)`, `BIT(3) | (1 << 4)`: the number that the text of a constant stands for.

import { makesBit, makesBits } from '../../../kernel/index.js';
import { plainLiteral } from './literals.js';

type Operation = (left: number, right: number) => number;

/** An operator on bits: flags may be bits of 64. */
const onBits =
  (operation: (left: bigint, right: bigint) => bigint): Operation =>
  (left, right) =>
    Number(operation(BigInt(left), BigInt(right)));

/** The operators of two operands, those that bind least first. */
const levels: readonly ReadonlyMap<string, Operation>[] = [
  new Map<string, Operation>([['|', onBits((left, right) => left | right)]]),
  new Map<string, Operation>([['^', onBits((left, right) => left ^ right)]]),
  new Map<string, Operation>([['&', onBits((left, right) => left & right)]]),
  new Map<string, Operation>([
    ['<<', (left, right) => left * 2 ** right],
    ['>>', (left, right) => Math.floor(left / 2 ** right)],
  ]),
  new Map<string, Operation>([
    ['+', (left, right) => left + right],
    ['-', (left, right) => left - right],
  ]),
  new Map<string, Operation>([['*', (left, right) => left * right]]),
];

const token = /\s*(0x[\da-f]+[ul]*|\d+[ul]*|\w+|<<|>>|[-+*~|^&(),])/iy;
const cast = /\(\s*(?:unsigned|signed|int|long|short|char|_*[us](?:8|16|32|64)|size_t|\s)+\)/g;

/**
 * The number of a constant expression.
 * @param text without comments
 * @param numberOf the number of a name in it; undefined where that is not known
 * @returns undefined for what is no such expression, or whose number is not known or too great
 */
export function constantExpression(text: string, numberOf: (name: string) => number | undefined): number | undefined {
  const tokens = tokensOf(text.replace(cast, ' '));
  if (!tokens) return undefined;
  const reader: Reader = { tokens, at: 0, numberOf };
  const number = readLevel(reader, 0);
  return number !== undefined && reader.at === tokens.length && Number.isSafeInteger(number) ? number : undefined;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  readonly numberOf: (name: string) => number | undefined;
}

function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  for (let at = 0; at < end; at = token.lastIndex) {
    token.lastIndex = at;
    const [, one] = token.exec(text) ?? [];
    if (one === undefined) return undefined;
    tokens.push(one);
  }
  return tokens;
}

function readLevel(reader: Reader, level: number): number | undefined {
  const operations = levels[level];
  if (!operations) return readOperand(reader);
  let left = readLevel(reader, level + 1);
  for (;;) {
    const operation = operations.get(reader.tokens[reader.at] ?? '');
    if (!operation || left === undefined) return left;
    reader.at++;
    const right = readLevel(reader, level + 1);
    if (right === undefined) return undefined;
    left = operation(left, right);
    if (!Number.isSafeInteger(left)) return undefined;
  }
}

function readOperand(reader: Reader): number | undefined {
  const one = reader.tokens[reader.at++] ?? '';
  if (one === '-' || one === '~' || one === '+') {
    const operand = readOperand(reader);
    if (operand === undefined) return undefined;
    return one === '~' ? -1 - operand : one === '-' ? -operand : operand;
  }
  if (one === '(') return readParens(reader);
  if (makesBit(one) && reader.tokens[reader.at] === '(') {
    reader.at++;
    const bit = readParens(reader);
    return bit === undefined || bit < 0 ? undefined : 2 ** bit;
  }
  if (makesBits(one) && reader.tokens[reader.at] === '(') {
    reader.at++;
    const high = readLevel(reader, 0);
    const low = reader.tokens[reader.at++] === ',' ? readParens(reader) : undefined;
    return high === undefined || low === undefined ? undefined : bitsFrom(high, low);
  }
  return /^\d/.test(one) ? plainLiteral(one) : reader.numberOf(one);
}

/** The number in which the bits are set from one down to another; undefined where they are no such bits. */
export function bitsFrom(high: number, low: number): number | undefined {
  return low < 0 || high < low ? undefined : 2 ** (high + 1) - 2 ** low;
}

/** What stands in parentheses of which the first was read. */
function readParens(reader: Reader): number | undefined {
  const inner = readLevel(reader, 0);
  return reader.tokens[reader.at++] === ')' ? inner : undefined;
}
