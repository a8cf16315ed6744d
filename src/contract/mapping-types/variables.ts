// What does code put into a variable?

import {
  bodiesOf,
  type Expression,
  expressionsOf,
  lowerInitialiser,
  type Statement,
  subexpressions,
} from '../../c/index.js';
import { mappingEntryTag } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import { type Bound, type Scope, scopeOf } from './scope.js';

/** A value that code stores into a variable, or into a part of it. */
export interface Store {
  /** The index, as code, of a store into an element: `count++`. Null for a store into the variable itself. */
  readonly index: Expression | null;
  /** The member that is set; null for a whole entry. */
  readonly member: string | null;
  readonly value: Bound;
  /** Whether every path does it. */
  readonly isCertain: boolean;
}

/** A variable of entries, or a pointer to them. */
export interface Variable {
  readonly isPointer: boolean;
  readonly initial: Bound | null;
  /** In the order of the code. */
  readonly stores: readonly Store[];
  /** The calls that are given the variable, so that they may fill it: each with the index of the argument. */
  readonly passed: readonly { readonly call: Bound; readonly index: number; readonly isCertain: boolean }[];
}

/** A variable by its name: of the function, of the file, or of the tree. Undefined where there is none with entries. */
export function variableNamed(codebase: Codebase, name: string, scope: Scope): Variable | undefined {
  return localVariable(codebase, name, scope) ?? globalVariable(codebase, name, scope);
}

function localVariable(codebase: Codebase, name: string, scope: Scope): Variable | undefined {
  if (!scope.ref) return undefined;
  let declaration: Extract<Statement, { kind: 'declaration' }> | undefined;
  const { body } = codebase.program.lower(scope.ref);
  const found = { stores: [] as Store[], passed: [] as Variable['passed'][number][] };
  visit(body, true, (statement, isCertain) => {
    if (statement.kind === 'declaration' && statement.name === name) declaration = statement;
    for (const expression of expressionsOf(statement)) collect({ name, scope, isCertain, ...found }, expression);
  });
  if (!declaration?.type.includes(mappingEntryTag)) return undefined;
  const { value, pointer } = declaration;
  return { isPointer: pointer, initial: value && { expression: value, scope }, ...found };
}

/** What a function stores into the entries that one of its parameters points to. */
export function throughParameter(codebase: Codebase, name: string, scope: Scope): Pick<Variable, 'stores' | 'passed'> {
  const found = { stores: [] as Store[], passed: [] as Variable['passed'][number][] };
  if (scope.ref)
    visit(codebase.program.lower(scope.ref).body, true, (statement, isCertain) => {
      for (const expression of expressionsOf(statement)) collect({ name, scope, isCertain, ...found }, expression);
    });
  return found;
}

/** Visits statements in order, each with whether every path comes to it, early returns aside. */
function visit(
  statements: readonly Statement[],
  isCertain: boolean,
  act: (statement: Statement, isCertain: boolean) => void,
): void {
  for (const statement of statements) {
    act(statement, isCertain);
    const isPlain = statement.kind === 'block' || (statement.kind === 'macro-block' && /guard/.test(statement.macro));
    for (const body of bodiesOf(statement)) visit(body, isCertain && isPlain, act);
  }
}

interface Collecting {
  readonly name: string;
  readonly scope: Scope;
  readonly isCertain: boolean;
  readonly stores: Store[];
  readonly passed: Variable['passed'][number][];
}

function collect(search: Collecting, expression: Expression): void {
  const { scope, isCertain, stores, passed } = search;
  if (expression.kind === 'assignment' && expression.operator === '=') {
    const target = targetOf(search.name, expression.target);
    if (target) stores.push({ ...target, value: { expression: expression.value, scope }, isCertain });
  }
  if (expression.kind === 'call')
    for (const [index, argument] of expression.arguments.entries())
      if (isAddress(search.name, argument)) passed.push({ call: { expression, scope }, index, isCertain });
  for (const inner of subexpressions(expression)) collect(search, inner);
}

/** The part of a variable that an expression names: `list[i]`, `list[i].type`, `entry.type`, `list->type`. */
function targetOf(name: string, target: Expression): Pick<Store, 'index' | 'member'> | undefined {
  if (target.kind === 'name') return target.name === name ? { index: null, member: null } : undefined;
  if (target.kind === 'index')
    return target.object.kind === 'name' && target.object.name === name
      ? { index: target.index, member: null }
      : undefined;
  if (target.kind === 'unary' && target.operator === '*') return targetOf(name, target.operand);
  if (target.kind !== 'member') return undefined;
  const outer = targetOf(name, target.object);
  return outer && { ...outer, member: outer.member === null ? target.member : `${outer.member}.${target.member}` };
}

function isAddress(name: string, argument: Expression): boolean {
  if (argument.kind === 'name') return argument.name === name;
  if (argument.kind === 'unary' && argument.operator === '&') return isAddress(name, argument.operand);
  if (argument.kind === 'index') return isAddress(name, argument.object);
  return argument.kind === 'binary' && argument.operator === '+' && isAddress(name, argument.left);
}

/** A variable at file level, of this file or of another one. */
function globalVariable(codebase: Codebase, name: string, { path }: Scope): Variable | undefined {
  const unit = codebase.program.translationUnit(path);
  const word = new RegExp(`\\b${name}\\b`);
  const found = [...unit, ...codebase.program.candidatesWith(word).filter((one) => !unit.includes(one))].flatMap(
    (from) => {
      const file = codebase.program.file(from);
      const variable = file?.unit.variables.find(
        (one) =>
          one.name === name &&
          one.type.endsWith(`struct ${mappingEntryTag}`) &&
          one.valueAt !== null &&
          (!one.isStatic || unit.includes(from) || from.endsWith('.h')),
      );
      const value = file && variable && lowerInitialiser(file, variable, codebase.program.attributes);
      return value ? [{ value, from, isPointer: variable.pointer }] : [];
    },
  );
  const [first] = found;
  if (!first) return undefined;
  const { value, from, isPointer } = first;
  return { isPointer, initial: { expression: value, scope: scopeOf(from, null) }, stores: [], passed: [] };
}
