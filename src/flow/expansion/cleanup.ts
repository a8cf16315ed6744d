import { type Expression, matchingParen } from '../../c/index.js';
import type { Codebase } from '../../program/index.js';

/** The functions that hand out what `__free()` would release: the variable is empty afterwards. Source: linux/cleanup.h. */
export const takers: ReadonlySet<string> = new Set(['no_free_ptr', 'retain_and_null_ptr', 'take_fd']);

const callOnVariable = /\b(\w+)\s*\(\s*((?:_T\b|\w)[^()]*)\)/g;

/** What `__free(name)` calls, and with what: the variable itself, or a member of it. */
export interface FreeAction {
  readonly name: string;
  /** Null for what is no part of the variable: NULL, 0. */
  readonly arguments: readonly ({ readonly member: string | null } | null)[];
}

/** Reads what the tree's own `DEFINE_FREE(name, type, body)` call, by name. */
export function readFreeActions(codebase: Codebase): ReadonlyMap<string, FreeAction> {
  const actions = new Map<string, FreeAction>();
  for (const [name = '', , ...body] of definitionsOf(codebase, 'DEFINE_FREE'))
    for (const [, called = '', list = ''] of body.join(',').matchAll(callOnVariable)) {
      if (/^(?:if|IS_ERR\w*|unlikely|likely)$/.test(called) || !/\b_T\b/.test(list)) continue;
      const members = list.split(',').map((item) => ({ member: /->\s*(\w+)\s*$/.exec(item)?.[1] ?? null }));
      actions.set(name, { name: called, arguments: members });
    }
  return actions;
}

/** What `guard(name)` takes, and what drops it. */
export interface GuardAction {
  readonly take: FreeAction;
  readonly drop: string;
}

/** Reads the tree's own `DEFINE_GUARD(name, type, take, drop)`, by name. */
export function readGuards(codebase: Codebase): ReadonlyMap<string, GuardAction> {
  const guards = new Map<string, GuardAction>();
  for (const [name = '', , take = '', drop = ''] of definitionsOf(codebase, 'DEFINE_GUARD')) {
    const taken = /^(\w+)\s*\(([^()]*)\)$/.exec(take);
    const dropped = /^(\w+)\s*\(\s*_T\b/.exec(drop)?.[1];
    if (!taken || !dropped) continue;
    const list = (taken[2] ?? '').split(',').map((item) => (/\b_T\b/.test(item) ? { member: null } : null));
    guards.set(name, { take: { name: taken[1] ?? '', arguments: list }, drop: dropped });
  }
  return guards;
}

/** The arguments of every use of a macro that defines something. */
function definitionsOf(codebase: Codebase, macro: string): readonly (readonly string[])[] {
  const pattern = new RegExp(`^${macro}\\s*\\(`, 'gm');
  return codebase.program.candidatesWith(new RegExp(`^${macro}\\s*\\(`, 'm')).flatMap((path) => {
    const text = codebase.program.text(path) ?? '';
    return [...text.matchAll(pattern)].map((match) => {
      const open = match.index + match[0].length - 1;
      // No such definition is longer than this.
      const near = text.slice(open, open + 1000);
      return splitArguments(near.slice(1, matchingParen(near, 0)));
    });
  });
}

function splitArguments(list: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: character, index } of list.matchAll(/[(),]/g)) {
    if (character === ',' && depth === 0) {
      parts.push(list.slice(start, index).trim());
      start = index + 1;
    } else depth += character === '(' ? 1 : character === ')' ? -1 : 0;
  }
  return [...parts, list.slice(start).trim()];
}

/** The call that releases a variable when its scope is left. */
export function cleanupCall(action: FreeAction, variable: string, at: number): Expression {
  const name: Expression = { kind: 'name', name: variable, at };
  return {
    kind: 'call',
    callee: { kind: 'name', name: action.name, at },
    arguments: action.arguments.map((argument): Expression => {
      if (argument === null) return { kind: 'literal', text: '0', at };
      return argument.member === null
        ? name
        : { kind: 'member', object: name, member: argument.member, arrow: true, at };
    }),
    at,
    end: at,
  };
}

/** The function that a slot of a table names, as far as the text around the table tells. */
export function slotFunctionName(codebase: Codebase, table: string, slot: string, path: string): string | undefined {
  for (const file of codebase.program.translationUnit(path)) {
    const source = codebase.program.file(file);
    const variable = source?.unit.variables.find((outline) => outline.name === table && outline.valueAt !== null);
    if (!source || !variable) continue;
    const text = source.code.slice(variable.valueAt ?? 0, variable.end);
    return new RegExp(`\\.\\s*${slot}\\s*=\\s*&?\\s*(\\w+)`).exec(text)?.[1];
  }
  return undefined;
}
