import {
  type Expression,
  type FunctionUnit,
  type Statement,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { isBorrower } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';
import { isPlainType } from '../evaluate/plain-variables.js';

/**
 * Whether a parameter may escape a function: the function stores, returns or passes it on, and does not just read it.
 * @param index the position of the parameter, from 0
 */
export function parameterEscapes(codebase: Codebase, ref: FunctionRef, index: number): boolean {
  return memoByFunction(codebase, ref, `escapes\0${index}`, () => {
    const unit = codebase.program.lower(ref);
    const name = unit.parameters[index]?.name;
    return name === undefined || unit.unparsed.length > 0 || escapes(codebase, unit, name);
  });
}

/** Whether a function fills what a parameter points to: `*out = x`, `out[i] = x`. */
export function fillsParameter(codebase: Codebase, ref: FunctionRef, index: number): boolean {
  return memoByFunction(codebase, ref, `fills\0${index}`, () => {
    const unit = codebase.program.lower(ref);
    const name = unit.parameters[index]?.name;
    let found = false;
    visitExpressions(unit.body, (expression) => {
      const target =
        expression.kind === 'assignment' ? expression.target : expression.kind === 'update' ? expression.operand : null;
      const pointer =
        target?.kind === 'unary' && target.operator === '*'
          ? target.operand
          : target?.kind === 'index'
            ? target.object
            : null;
      if (pointer?.kind === 'name' && pointer.name === name) found = true;
    });
    return found;
  });
}

/**
 * Whether a function does with a parameter anything but read it.
 * @param names the parameter, and the local pointers that were followed from it: they are further names of what it leads to
 */
function escapes(
  codebase: Codebase,
  unit: FunctionUnit,
  name: string,
  names: ReadonlySet<string> = new Set(),
): boolean {
  const seen = new Set([...names, name]);
  const escapesAs = (local: string): boolean => !seen.has(local) && escapes(codebase, unit, local, seen);
  const mayBe = (expression: Expression, parameter: string): boolean =>
    leadsTo(expression, parameter, (read) => isNumber(codebase, unit, read));
  let found = false;
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'return' && statement.value && mayBe(statement.value, name)) found = true;
    if (statement.kind === 'declaration' && statement.value && mayBe(statement.value, name))
      if (isLocalPointer(unit, statement.name)) found ||= escapesAs(statement.name);
      else if (statement.pointer || !isPlainType(statement.type) || hasCast(statement.value)) found = true;
    // A loop over the entries of a table leads to entries, not to the table.
    if (statement.kind === 'macro-block' && !isBorrower(statement.macro))
      if (statement.arguments.some((argument) => mayBe(argument, name))) found = true;
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && mayBe(expression.value, name) && !keepsNumber(codebase, unit, expression)) {
      const { target } = expression;
      if (target.kind === 'name' && isLocalPointer(unit, target.name)) found ||= escapesAs(target.name);
      else found = true;
    }
    if (expression.kind === 'initialiser' && expression.entries.some(({ value }) => mayBe(value, name))) found = true;
    if (expression.kind === 'call' && !keepsNothing(expression) && expression.arguments.some((one) => mayBe(one, name)))
      found = true;
  });
  return found;
}

/** Whether a name is that of one variable of a function, which is a pointer to an object and ends with the call. */
function isLocalPointer(unit: FunctionUnit, name: string): boolean {
  const declared: Extract<Statement, { kind: 'declaration' }>[] = [];
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && statement.name === name) declared.push(statement);
  });
  const [only] = declared;
  // What a cleanup does with the object at the end is not seen here.
  if (only === undefined || declared.length > 1 || only.cleanup !== null) return false;
  return only.pointer && /^(?:const\s+)?struct\s+\w+(?:\s+const)?$/.test(only.type.trim());
}

/** Whether an assignment stores a plain number that does not stand for a pointer: `desc->mode = buf->file->f_mode`. */
function keepsNumber(
  codebase: Codebase,
  unit: FunctionUnit,
  { target, value }: Extract<Expression, { kind: 'assignment' }>,
): boolean {
  const type = typeOf(codebase, unit, target);
  return type !== undefined && !type.isPointer && isPlainType(type.name) && !hasCast(value);
}

function hasCast(value: Expression): boolean {
  return value.kind === 'cast' || subexpressions(value).some(hasCast);
}

/** Whether a callee is known to keep nothing that it is given. */
function keepsNothing(call: Extract<Expression, { kind: 'call' }>): boolean {
  return call.callee.kind === 'name' && isBorrower(call.callee.name);
}

/**
 * Whether the value of an expression may be the parameter, or lead to it.
 * @param isNumberRead whether an expression reads a number, which leads nowhere
 */
function leadsTo(expression: Expression, name: string, isNumberRead: (read: Expression) => boolean): boolean {
  const inner = (one: Expression): boolean => leadsTo(one, name, isNumberRead);
  switch (expression.kind) {
    case 'name':
      return expression.name === name;
    case 'binary':
      return /^[-+|]$/.test(expression.operator) && subexpressions(expression).some(inner);
    case 'call':
      return false; // its arguments are checked where the call itself is visited
    case 'member':
    case 'index':
      // A member of an object may lead back to the object.
      return inner(expression.object) && !isNumberRead(expression);
    default:
      return subexpressions(expression).some(inner);
  }
}

/** Whether the declared types say that an expression reads a number: `attach->dmabuf->size`. */
function isNumber(codebase: Codebase, unit: FunctionUnit, expression: Expression): boolean {
  const type = typeOf(codebase, unit, expression);
  if (type === undefined) return false;
  // A text leads nowhere, either.
  return type.isPointer ? /^(?:const\s+)?char$/.test(type.name) : isPlainType(type.name);
}

/** A declared type, without its stars. */
interface DeclaredType {
  readonly name: string;
  readonly isPointer: boolean;
}

/**
 * Whether the declared types say that a member is a struct inside its object, or an array of structs: what stands for it is
 * its address, which is never NULL.
 */
export function isEmbedded(codebase: Codebase, unit: FunctionUnit, member: Expression): boolean {
  const type = typeOf(codebase, unit, member);
  return type !== undefined && !type.isPointer && /^(?:struct|union)\s+\w+$/.test(type.name);
}

/** The tag of the struct that an expression is declared to be, or to point to. */
export function structTagOf(codebase: Codebase, unit: FunctionUnit, expression: Expression): string | undefined {
  return tagIn(typeOf(codebase, unit, expression));
}

function tagIn(type: DeclaredType | undefined): string | undefined {
  return type && /\bstruct\s+(\w+)$/.exec(type.name)?.[1];
}

/** The declared type of a variable, or of a member of a struct of the tree. */
function typeOf(codebase: Codebase, unit: FunctionUnit, expression: Expression): DeclaredType | undefined {
  if (expression.kind === 'name') {
    const type = unit.parameters.find(({ name }) => name === expression.name)?.type;
    if (type === undefined) return typeOfLocal(unit, expression.name);
    return { name: type.replace(/\*.*$/s, '').trim(), isPointer: type.includes('*') };
  }
  if (expression.kind !== 'member') return undefined;
  const tag = tagIn(typeOf(codebase, unit, expression.object));
  const struct = tag ? codebase.definitions.struct(tag, unit.path) : null;
  const name = struct?.fields.get(expression.member);
  return name === undefined ? undefined : { name, isPointer: struct?.pointers.has(expression.member) === true };
}

/** The declared type of a local variable; undefined if two variables have the name. */
function typeOfLocal(unit: FunctionUnit, name: string): DeclaredType | undefined {
  const found: DeclaredType[] = [];
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && statement.name === name)
      found.push({ name: statement.type.trim(), isPointer: statement.pointer });
  });
  return found.length === 1 ? found[0] : undefined;
}
