import { transparentArgument } from '../../kernel/index.js';
import type { MacroDefinition } from '../../program/index.js';

/** A statement expression that keeps its condition in a variable, and ends with it; blanks are gone. */
const keptCondition =
  /^\(?\(\{(?:const )?(?:bool|int|long|__auto_type|typeof\([^;]*?\)) ?(\w+)=([^;]+);(.*?);?(?:!!)?\(?\1\)?;\}\)\)?$/;
/** A condition, and what is done where it is true: `((cond) && (print(), 1))`. */
const doneWhereTrue = /^\(?([^&|?:]+?)&&(?:\(.*,(?:1|true)\)|\(\{.*;(?:1|true);\}\))\)?$/;
const leaves = /\b(?:goto|return|break|continue)\b/;

/**
 * The position, from 0, of the parameter whose truth is the value of a macro: 1 for
 * `#define EX_FAILED(dev, cond) ({ bool __c = (cond); if (__c) print(dev); __c; })`. Undefined for a macro of any other form.
 */
export function ownCondition({ parameters, body }: MacroDefinition): number | undefined {
  if (!parameters || leaves.test(body)) return undefined;
  const text = withoutHints(withoutBlanks(body));
  const [, variable, kept, middle = ''] = keptCondition.exec(text) ?? [];
  if (variable !== undefined && new RegExp(`(?:\\b${variable}[-+*/|&^]?=(?!=)|&${variable}\\b)`).test(middle))
    return undefined;
  const condition = kept ?? doneWhereTrue.exec(text)?.[1];
  const index = condition === undefined ? -1 : parameters.indexOf(condition.replace(/^!!|[()]/g, ''));
  return index < 0 ? undefined : index;
}

/** The body of a macro with blanks only between two words. */
function withoutBlanks(body: string): string {
  return body
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/(?<!\w) | (?!\w)/g, '');
}

/** A text with `(x)` in place of `unlikely(x)`. */
function withoutHints(text: string): string {
  return text.replace(/\b(\w+)\(/g, (call, name: string) => (transparentArgument(name) === 0 ? '(' : call));
}
