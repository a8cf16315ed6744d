// Does a name that is called like an API function name a member of a struct?

import type { Codebase } from '../../program/index.js';

/** A place at which a name stands in code. */
interface NamedPlace {
  readonly path: string;
  readonly at: number;
  readonly name: string;
  /** The code of the file. */
  readonly code: string;
}

/** Macros that pass a name on to macros are followed this far. */
const deepestMacro = 3;

/**
 * Whether a name is that of a member, and not of the API function: `.dma_buf_pin = …`, `dma_buf_pin: …`,
 * `ops->dma_buf_pin(…)`, or the argument of a macro that makes one of these of it.
 */
export function namesMember(codebase: Codebase, { path, at, name, code }: NamedPlace): boolean {
  const before = code.slice(Math.max(0, at - 200), at);
  const after = code.slice(at + name.length, at + name.length + 20);
  if (/(?:->|\.)\s*$/.test(before) || /^\s*\)\s*\(/.test(after)) return true;
  if (/[{,]\s*$/.test(before) && /^\s*:/.test(after)) return true;
  const around = callAround(code, at);
  return around !== undefined && isMemberInMacro(codebase, path, around, deepestMacro);
}

/** A name in the argument list of a call: what is called, and the index (0-based) of the argument. */
interface ArgumentPlace {
  readonly callee: string;
  readonly index: number;
}

/** No argument list has its beginning further away, in characters. */
const longestList = 500;

/** The call among whose arguments an offset lies directly; undefined where the argument is more than one name. */
function callAround(code: string, at: number): ArgumentPlace | undefined {
  if (!/[(,]\s*$/.test(code.slice(Math.max(0, at - 80), at))) return undefined;
  let depth = 0;
  let index = 0;
  for (let place = at - 1; place >= Math.max(0, at - longestList); place--) {
    const character = code[place];
    if (character === ';' || character === '{' || character === '}') return undefined;
    if (character === ')') depth++;
    else if (character === ',' && depth === 0) index++;
    else if (character === '(' && depth-- === 0) {
      const callee = /(\w+)\s*$/.exec(code.slice(Math.max(0, place - 80), place))?.[1];
      return callee === undefined ? undefined : { callee, index };
    }
  }
  return undefined;
}

/** Whether a macro uses an argument as the name of a member, or as a part of a name, and in no other way. */
function isMemberInMacro(codebase: Codebase, path: string, { callee, index }: ArgumentPlace, depth: number): boolean {
  const macro = codebase.definitions.macroOf(callee, path);
  const parameter = macro?.parameters?.[index];
  if (!macro || !parameter || depth === 0) return false;
  const uses = [...macro.body.matchAll(new RegExp(`\\b${parameter}\\b`, 'g'))];
  return uses.every((use) => {
    const end = use.index + parameter.length;
    if (/(?:->|\.|#)\s*$/.test(macro.body.slice(0, use.index)) || /^\s*##/.test(macro.body.slice(end))) return true;
    const inner = callAround(macro.body, use.index);
    return inner !== undefined && inner.callee !== callee && isMemberInMacro(codebase, path, inner, depth - 1);
  });
}
