// To which struct does a member belong, and which values do functions store into it?

import { type Expression, type FunctionUnit, visitExpressions } from '../../c/index.js';
import { textIncludes } from '../../input/search/word-search.js';
import { type Codebase, type FunctionRef, memoByFile, memoByFunction, plain } from '../../program/index.js';
import { declaredTypes } from './declared-types.js';
import { functionsMatching } from './functions-matching.js';

/** A member of a struct of the tree. */
interface StructMember {
  readonly tag: string;
  readonly member: string;
}

/** A value that a function stores into a member. */
interface Store {
  readonly ref: FunctionRef;
  readonly value: Expression;
}

/** The values stored into a member, and whether the code shows all of them. */
interface Stores {
  readonly values: readonly Store[];
  readonly isComplete: boolean;
}

/** Answers questions about struct members: which struct, and who stores into it. */
export interface StructFields {
  /** Returns the struct member that an expression reads; undefined where the declared types do not say which struct. */
  memberOf(ref: FunctionRef, expression: Expression): StructMember | undefined;
  /** Returns what the module of a file stores into a member; for a struct in `include/`, what the whole tree stores. */
  storesTo(member: StructMember, from: string): Stores;
}

/** Creates the lookup of one tree. */
export function createStructFields(codebase: Codebase): StructFields {
  const structNamed = (tag: string, from: string) => codebase.definitions.struct(tag, from);

  /** The tag of the struct that an expression has as its type, or points to. */
  const tagOf = (ref: FunctionRef, expression: Expression): string | undefined => {
    switch (expression.kind) {
      case 'name':
        return structTag(declaredType(codebase.program.lower(ref), expression.name));
      case 'member': {
        const owner = tagOf(ref, expression.object);
        return owner && structTag(structNamed(owner, ref.path)?.fields.get(expression.member));
      }
      case 'index':
        return tagOf(ref, expression.object);
      case 'unary':
        return /^[&*]$/.test(expression.operator) ? tagOf(ref, expression.operand) : undefined;
      case 'cast':
        return structTag(expression.type);
      default:
        return undefined;
    }
  };

  const memberOf = (ref: FunctionRef, expression: Expression): StructMember | undefined => {
    const bare = expression.kind === 'index' ? expression.object : expression;
    if (bare.kind !== 'member') return undefined;
    const tag = tagOf(ref, bare.object);
    return tag === undefined ? undefined : { tag, member: bare.member };
  };

  const search = ({ tag, member }: StructMember, from: string): Stores => {
    const values: Store[] = [];
    let isComplete = true;
    const isPublic = structNamed(tag, from)?.path.startsWith('include/') ?? false;
    const files = new Set([...codebase.definitions.module(from), ...(isPublic ? codebase.program.mentions : [])]);
    for (const ref of functionsTouching(codebase, member, files)) {
      const { stored, isOpen } = memoByFunction(codebase, ref, `stores\0${tag}.${member}`, () =>
        storesIn(codebase.program.lower(ref), member, (target) => memberOf(ref, target)?.tag, tag),
      );
      values.push(...stored.map((value) => ({ ref, value })));
      if (isOpen) isComplete = false;
    }
    return { values, isComplete };
  };

  return {
    memberOf,
    storesTo: (wanted, from) =>
      codebase.memory.recall(`stores\0${wanted.tag}.${wanted.member}\0${from}`, () => search(wanted, from)),
  };
}

/** The functions in some files that may store into a member of this name. */
function functionsTouching(codebase: Codebase, member: string, files: Iterable<string>): readonly FunctionRef[] {
  return [...files].flatMap((path) =>
    memoByFile(codebase, path, `touches\0${member}`, () => functionsTouchingIn(codebase, member, path), plain()),
  );
}

function functionsTouchingIn(codebase: Codebase, member: string, path: string): readonly FunctionRef[] {
  if (!codebase.program.mayHoldWhole(path, member)) return [];
  const text = codebase.program.peek(path) ?? '';
  if (!textIncludes(text, member)) return [];
  const touch = new RegExp(
    `(?:->|\\.)\\s*${member}\\b(?:\\s*\\[[^\\]]*\\])*\\s*=[^=]|&[^&;,]*(?:->|\\.)\\s*${member}\\b`,
    'g',
  );
  if (text.search(touch) < 0) return [];
  return functionsMatching(codebase, path, touch);
}

/** What a function stores into a member. `isOpen`: the function may store more than the code shows. */
function storesIn(
  unit: FunctionUnit,
  member: string,
  ownerOf: (target: Expression) => string | undefined,
  tag: string,
): { readonly stored: readonly Expression[]; readonly isOpen: boolean } {
  const stored: Expression[] = [];
  let isOpen = unit.unparsed.length > 0;
  const literals = new Set<Expression>();
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'compound-literal' && expression.value.kind === 'initialiser') {
      const inside = storedByLiteral(expression.value, member, structTag(expression.type) === tag);
      if (inside) literals.add(expression.value);
      stored.push(...(inside ?? []));
    }
    const isNamed =
      expression.kind === 'initialiser' && expression.entries.some((entry) => entry.designators.includes(member));
    if (isNamed && !literals.has(expression)) isOpen = true;
    const target =
      expression.kind === 'assignment'
        ? withoutIndex(expression.target)
        : expression.kind === 'unary' && expression.operator === '&'
          ? withoutIndex(expression.operand)
          : undefined;
    if (target?.kind !== 'member' || target.member !== member) return;
    const owner = ownerOf(target);
    if (owner !== undefined && owner !== tag) return;
    if (owner === tag && expression.kind === 'assignment') stored.push(expression.value);
    else isOpen = true;
  });
  return { stored, isOpen };
}

/**
 * What `(struct ex_buf){ .sgt = sgt }` stores into a member; undefined where its entries do not say.
 * @param isOwn whether it is the struct that has the member, and not one that has another of this name
 */
function storedByLiteral(
  { entries }: Extract<Expression, { kind: 'initialiser' }>,
  member: string,
  isOwn: boolean,
): readonly Expression[] | undefined {
  const named = entries.filter(({ designators }) => designators.includes(member));
  if (named.some(({ designators }) => designators.length > 1)) return undefined;
  return isOwn ? named.map(({ value }) => value) : [];
}

function withoutIndex(expression: Expression): Expression {
  return expression.kind === 'index' ? withoutIndex(expression.object) : expression;
}

/** The type of a name in a function; undefined where the function declares none, or several. */
function declaredType(unit: FunctionUnit, name: string): string | undefined {
  const types = new Set(declaredTypes(unit, name));
  return types.size === 1 ? [...types][0] : undefined;
}

function structTag(type: string | undefined): string | undefined {
  return type === undefined ? undefined : /\bstruct\s+(\w+)/.exec(type)?.[1];
}
