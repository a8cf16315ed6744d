import { type Expression, matchingParen, splitTopLevel } from '../../c/index.js';
import { freeDefinition, guardDefinition, isErrorMacro, isHint } from '../../kernel/index.js';
import { type Codebase, folderOf } from '../../program/index.js';

const callOnVariable = /\b(\w+)\s*\(\s*((?:_T\b|\w)[^()]*)\)/g;

/** The call that `__free(name)` makes when the scope ends. */
export interface FreeAction {
  readonly name: string;
  /** For each argument the member of the variable that it is, or a null member for the variable itself; null for NULL or 0. */
  readonly arguments: readonly ({ readonly member: string | null } | null)[];
  /** Whether it is called on error pointers, too: the definition tests at most for NULL. */
  readonly takesErrors: boolean;
}

/** What a `DEFINE_FREE(name, type, body)` calls on the variable, in this order. */
export interface FreeDefinition {
  readonly path: string;
  readonly actions: readonly FreeAction[];
}

/** Reads the tree's `DEFINE_FREE()`, by name. Two modules may use one name, and so may the branches of an `#if`. */
export function readFreeActions(codebase: Codebase): ReadonlyMap<string, readonly FreeDefinition[]> {
  const definitions = new Map<string, readonly FreeDefinition[]>();
  for (const { path, parts } of definitionsOf(codebase, freeDefinition)) {
    const [name = '', , ...body] = parts;
    const actions = actionsIn(body.join(','));
    if (actions.length > 0) definitions.set(name, [...(definitions.get(name) ?? []), { path, actions }]);
  }
  return definitions;
}

/**
 * The actions of the definition that a file means: its own, that of its folder, or that of a header for all. Of several in
 * one place, the first: a build has one of them.
 */
export function freeActionsFor(definitions: readonly FreeDefinition[], path: string): readonly FreeAction[] {
  const isNear = [
    (other: string) => other === path,
    (other: string) => folderOf(other) === folderOf(path),
    (other: string) => other.startsWith('include/'),
    () => true,
  ];
  for (const near of isNear) {
    const found = definitions.find((one) => near(one.path));
    if (found) return found.actions;
  }
  return [];
}

function actionsIn(body: string): readonly FreeAction[] {
  const actions: FreeAction[] = [];
  const tests = testsIn(body);
  // A macro or function of the driver may ask for errors as well as IS_ERR().
  const takesErrors = !tests.some(({ text }) =>
    [...text.matchAll(/\b(\w+)\s*\(/g)].some(([, called = '']) => !isHint(called)),
  );
  for (const { index, 1: called = '', 2: list = '' } of body.matchAll(callOnVariable)) {
    if (called === 'if' || tests.some(({ start, end }) => start <= index && index < end)) continue;
    if (isErrorMacro(called) || isHint(called) || !/\b_T\b/.test(list)) continue;
    const members = list.split(',').map((item) => ({ member: /->\s*(\w+)\s*$/.exec(item)?.[1] ?? null }));
    actions.push({ name: called, arguments: members, takesErrors });
  }
  return actions;
}

/** The text in the parentheses of each `if`, and its place. */
function testsIn(body: string): readonly { readonly text: string; readonly start: number; readonly end: number }[] {
  return [...body.matchAll(/\bif\s*\(/g)].map(({ 0: head, index }) => {
    const start = index + head.length;
    const end = matchingParen(body, start - 1);
    return { text: body.slice(start, end), start, end };
  });
}

/** The call that `guard(name)` makes to take a lock, and the function that drops it. */
export interface GuardAction {
  readonly take: FreeAction;
  readonly drop: string;
}

/** Reads the tree's `DEFINE_GUARD(name, type, take, drop)`, by name. */
export function readGuards(codebase: Codebase): ReadonlyMap<string, GuardAction> {
  const guards = new Map<string, GuardAction>();
  for (const { parts } of definitionsOf(codebase, guardDefinition)) {
    const [name = '', , take = '', drop = ''] = parts;
    const taken = /^(\w+)\s*\(([^()]*)\)$/.exec(take);
    const dropped = /^(\w+)\s*\(\s*_T\b/.exec(drop)?.[1];
    if (!taken || !dropped) continue;
    const list = (taken[2] ?? '').split(',').map((item) => (/\b_T\b/.test(item) ? { member: null } : null));
    guards.set(name, { take: { name: taken[1] ?? '', arguments: list, takesErrors: false }, drop: dropped });
  }
  return guards;
}

/** The arguments of every use of a defining macro in the candidate files. */
function definitionsOf(
  codebase: Codebase,
  macro: string,
): readonly { readonly path: string; readonly parts: readonly string[] }[] {
  const pattern = new RegExp(`^${macro}\\s*\\(`, 'gm');
  return codebase.program.candidatesWith(new RegExp(`^${macro}\\s*\\(`, 'm')).flatMap((path) => {
    const text = codebase.program.text(path) ?? '';
    return [...text.matchAll(pattern)].map((match) => {
      const open = match.index + match[0].length - 1;
      // No such definition is longer than this.
      const near = text.slice(open, open + 1000);
      const parts = splitTopLevel(near.slice(1, matchingParen(near, 0)), ',').map((part) => part.trim());
      return { path, parts };
    });
  });
}

/** The call of the f of `__cleanup(f)` with the address of a variable, as an expression. */
export function cleanupByAddress(name: string, variable: string, at: number): Expression {
  const operand: Expression = { kind: 'name', name: variable, at };
  return {
    kind: 'call',
    callee: { kind: 'name', name, at },
    arguments: [{ kind: 'unary', operator: '&', operand, at }],
    at,
    end: at,
  };
}

/** The call of a free action on a variable, as an expression. */
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

/** The name of the function in a slot of an ops table; undefined where the table is not found, or does not name one. */
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
