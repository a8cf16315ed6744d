import { ownValue } from '../../base/own-value.js';
import { applyOperator, type Known, precedences, type Token, tokensOf } from './condition-tokens.js';
import type { KnownMacro } from './macro-table.js';

type Macros = ReadonlyMap<string, KnownMacro>;

/** A macro that uses further macros more deeply, or makes more tokens, is not expanded. */
const deepestMacro = 20;
const mostTokens = 2000;

/**
 * The value of an expression as the preprocessor computes it, with what is known of macros.
 * @returns null where it depends on something that is not known
 */
export function expressionValue(text: string, macros: Macros): Known {
  const tokens = tokensOf(text);
  const expanded = tokens && expand(tokens, { macros, hidden: [], count: { tokens: 0 } });
  if (!expanded || expanded.length === 0) return null;
  const parser: Parser = { tokens: expanded, at: 0, isBroken: false };
  const value = conditional(parser);
  return parser.isBroken || parser.at < expanded.length ? null : value;
}

/** Whether a macro is defined; null where that is not known. */
export function isDefined(name: string, macros: Macros): boolean | null {
  const known = macros.get(name);
  return !known || known.kind === 'open' ? null : known.kind === 'defined';
}

/** The state of an expansion: the names that are being expanded stand for themselves. */
interface Expansion {
  readonly macros: Macros;
  readonly hidden: readonly string[];
  readonly count: { tokens: number };
}

const unknown: Token = { kind: 'name', name: '' };

/** Replaces macros by what they stand for, and `defined(X)` by a number. */
function expand(tokens: readonly Token[], expansion: Expansion): readonly Token[] | undefined {
  const result: Token[] = [];
  expansion.count.tokens += tokens.length;
  if (expansion.count.tokens > mostTokens || expansion.hidden.length > deepestMacro) return undefined;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'name') {
      if (token) result.push(token);
      continue;
    }
    if (token.name === 'defined') {
      const [name, length] = operandOfDefined(tokens, at);
      const answer = isDefined(name, expansion.macros);
      result.push(answer === null ? unknown : { kind: 'number', value: Number(answer) });
      at += length;
      continue;
    }
    const known = expansion.hidden.includes(token.name) ? undefined : expansion.macros.get(token.name);
    const list = argumentList(tokens, at + 1);
    if (known?.kind === 'undefined') result.push({ kind: 'number', value: 0 });
    else if (known?.kind !== 'defined') {
      result.push(unknown);
      at += list ? list.length : 0;
    } else {
      const body = bodyOf(known.macro, list?.parts, { ...expansion, hidden: [...expansion.hidden, token.name] });
      if (!body) return undefined;
      result.push(...body);
      if (known.macro.parameters) at += list?.length ?? 0;
    }
  }
  return result;
}

/** The body of a macro with its arguments, expanded; undefined where that cannot be done. */
function bodyOf(
  { parameters, body }: { readonly parameters: readonly string[] | null; readonly body: string },
  given: readonly (readonly Token[])[] | undefined,
  expansion: Expansion,
): readonly Token[] | undefined {
  const tokens = tokensOf(body);
  if (!tokens || tokens.some((token) => token.kind === 'operator' && token.text.startsWith('#'))) return undefined;
  if (!parameters) return expand(tokens, expansion);
  if (!given) return [unknown];
  const whole = tokens.flatMap((token) => {
    const index = token.kind === 'name' ? parameters.indexOf(token.name) : -1;
    return index < 0 ? [token] : (given[index] ?? [unknown]);
  });
  return expand(whole, expansion);
}

/** The name after `defined`, and how many tokens were read: `defined X`, `defined(X)`. */
function operandOfDefined(tokens: readonly Token[], at: number): readonly [string, number] {
  const [first, second] = [tokens[at + 1], tokens[at + 2]];
  if (first?.kind === 'name') return [first.name, 1];
  return second?.kind === 'name' ? [second.name, 3] : ['', 1];
}

/** The arguments in parentheses at an offset, and how many tokens they are with these. */
function argumentList(
  tokens: readonly Token[],
  start: number,
): { readonly parts: readonly (readonly Token[])[]; readonly length: number } | undefined {
  if (!isOperator(tokens[start], '(')) return undefined;
  const parts: Token[][] = [[]];
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token) break;
    if (isOperator(token, '(') && depth++ === 0) continue;
    if (isOperator(token, ')') && --depth === 0) return { parts, length: at - start + 1 };
    if (isOperator(token, ',') && depth === 1) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return undefined;
}

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}

interface Parser {
  readonly tokens: readonly Token[];
  at: number;
  isBroken: boolean;
}

/** Reads an operator, if it is the next token. */
function accept(parser: Parser, text: string): boolean {
  if (!isOperator(parser.tokens[parser.at], text)) return false;
  parser.at++;
  return true;
}

function conditional(parser: Parser): Known {
  const test = binary(parser, 1);
  if (!accept(parser, '?')) return test;
  const yes = conditional(parser);
  if (!accept(parser, ':')) parser.isBroken = true;
  const no = conditional(parser);
  if (test === null) return yes === no ? yes : null;
  return test === 0 ? no : yes;
}

function binary(parser: Parser, least: number): Known {
  let left = unary(parser);
  for (;;) {
    const token = parser.tokens[parser.at];
    const precedence = token?.kind === 'operator' ? (ownValue(precedences, token.text) ?? 0) : 0;
    if (token?.kind !== 'operator' || precedence < least) return left;
    parser.at++;
    left = applyOperator(token.text, left, binary(parser, precedence + 1));
  }
}

function unary(parser: Parser): Known {
  const token = parser.tokens[parser.at++];
  if (token?.kind === 'number') return token.value;
  if (token?.kind === 'name') return null;
  if (isOperator(token, '(')) {
    const value = conditional(parser);
    if (!accept(parser, ')')) parser.isBroken = true;
    return value;
  }
  const operand = token && '!-+~'.includes(token.text) ? unary(parser) : null;
  if (!token || !'!-+~'.includes(token.text)) parser.isBroken = true;
  if (operand === null) return null;
  if (token?.text === '!') return Number(operand === 0);
  return token?.text === '-' ? -operand : token?.text === '~' ? ~operand : operand;
}
