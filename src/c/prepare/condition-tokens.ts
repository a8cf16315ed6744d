import { ownValue } from '../../base/own-value.js';

/** A token of an expression of the preprocessor: a number, a name, or an operator. */
export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'operator'; readonly text: string };

const tokenPattern =
  /\s*(?:(0[xX][\da-fA-F]+|\d+)[uUlL]*|([A-Za-z_]\w*)|(##|&&|\|\||==|!=|<=|>=|<<|>>|[-+*/%!~()<>?:&|^,#.'"\\=]))/y;

/** The tokens of an expression; undefined for a text with anything else in it. */
export function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const trimmed = text.trim();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < trimmed.length) {
    const match = tokenPattern.exec(trimmed);
    if (!match) return undefined;
    const [, number, name, operator = ''] = match;
    if (number !== undefined) tokens.push({ kind: 'number', value: numberOf(number) });
    else tokens.push(name !== undefined ? { kind: 'name', name } : { kind: 'operator', text: operator });
  }
  return tokens;
}

/** A leading 0 makes a number octal. */
function numberOf(number: string): number {
  return Number.parseInt(number, /^0[xX]/.test(number) ? 16 : /^0\d/.test(number) ? 8 : 10);
}

/** A number, or null where it is not known. */
export type Known = number | null;

/** How tightly binary operators bind. */
export const precedences: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '&': (left, right) => left & right,
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<<': (left, right) => left * 2 ** right,
  '>>': (left, right) => Math.floor(left / 2 ** right),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => Math.trunc(left / right),
  '%': (left, right) => left % right,
};

/** The value of a binary operator. `0 && x` is 0 and `1 || x` is 1, whatever x is. */
export function applyOperator(operator: string, left: Known, right: Known): Known {
  if (operator === '&&') {
    if (left === 0 || right === 0) return 0;
    return left === null || right === null ? null : 1;
  }
  if (operator === '||') {
    if (left || right) return 1;
    return left === null || right === null ? null : 0;
  }
  const apply = ownValue(operators, operator);
  if (!apply || left === null || right === null) return null;
  const value = apply(left, right);
  return Number.isFinite(value) ? value : null;
}
