// Which member of which structure holds a resource, and which expressions of a function are that member's value?

import { type Expression, type FunctionUnit, lvalueText } from '../../c/index.js';
import { textIncludes } from '../../input/search/word-search.js';
import { isConversion, transparentArgument } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../program/index.js';
import { createStructFields, type StructFields } from '../tables/struct-fields.js';

/** A member of a structure. */
export interface HeldMember {
  readonly tag: string;
  readonly member: string;
  /** The structure that this one is part of, where code names it by that: `obj->import.attach`. */
  readonly container?: string | undefined;
}

/** The member of an attachment that leads to its buffer. */
export const bufferOfAttachment: HeldMember = { tag: 'dma_buf_attachment', member: 'dmabuf' };

/** Returns the member of a structure that an expression is; undefined where the declared types do not show it. */
export function heldMember({ fields }: OwnerSearch, ref: FunctionRef, value: Expression): HeldMember | undefined {
  const member = fields.memberOf(ref, value);
  if (!member || value.kind !== 'member' || value.arrow) return member;
  return { ...member, container: fields.memberOf(ref, value.object)?.tag };
}

/** What the questions about owners share. */
export interface OwnerSearch {
  readonly codebase: Codebase;
  readonly fields: StructFields;
}

/** Opens a tree for questions about owners. */
export function searchOwners(codebase: Codebase): OwnerSearch {
  return { codebase, fields: createStructFields(codebase) };
}

/** Returns the tag of the structure that an expression is, or points to; undefined where the code does not show it. */
export function tagOf({ codebase, fields }: OwnerSearch, ref: FunctionRef, value: Expression): string | undefined {
  const bare = withoutCasts(value);
  const declared = fields.memberOf(ref, { kind: 'member', object: bare, member: '', arrow: true, at: bare.at })?.tag;
  if (declared !== undefined || bare.kind !== 'call' || bare.callee.kind !== 'name') return declared;
  // The front end leaves the word struct out of `container_of(x, struct foo, member)`.
  const [, type] = bare.arguments;
  if (type && isConversion(bare.callee.name)) return type.kind === 'name' ? type.name : typeTag(type);
  const target = codebase.definitions.findNear(bare.callee.name, ref.path);
  // `#define to_foo(x) container_of(x, struct foo, base)`
  const written = target ? target.outline.returnType : codebase.definitions.macro(bare.callee.name, ref.path);
  return /\bstruct\s+(\w+)/.exec(written ?? '')?.[1];
}

function typeTag(type: Expression): string | undefined {
  return type.kind === 'type' ? /(\w+)\s*$/.exec(type.text)?.[1] : undefined;
}

/** Returns whether an expression reads or writes the member; also where the code does not show which structure it is. */
export function isMember(search: OwnerSearch, ref: FunctionRef, value: Expression, held: HeldMember): boolean {
  if (value.kind !== 'member' || value.member !== held.member) return false;
  const tag = search.fields.memberOf(ref, value)?.tag;
  return tag === undefined || tag === held.tag;
}

/** Tells which expressions of one function are the value in question. */
export type IsValue = (expression: Expression) => boolean;

/** Extends a test to the local variables that get the value, and to the expressions that pass it on unchanged. */
export function withAliases(unit: FunctionUnit, isSeed: IsValue, known: Iterable<string> = []): IsValue {
  const names = new Set(known);
  const isValue = (expression: Expression): boolean => {
    switch (expression.kind) {
      case 'name':
        return names.has(expression.name);
      case 'cast':
        return isValue(expression.operand);
      case 'assignment':
        return isValue(expression.value);
      case 'conditional':
        return isValue(expression.then ?? expression.test) || isValue(expression.otherwise);
      case 'call': {
        if (isSeed(expression)) return true;
        const through = expression.callee.kind === 'name' ? transparentArgument(expression.callee.name) : undefined;
        const inner = through === undefined ? undefined : expression.arguments[through];
        return inner !== undefined && isValue(inner);
      }
      default:
        return isSeed(expression);
    }
  };
  const { values, locals } = assignmentsOf(unit);
  for (let grown = true; grown; ) {
    grown = false;
    for (const name of locals)
      if (!names.has(name) && (values.get(name) ?? []).some(isValue)) {
        names.add(name);
        grown = true;
      }
  }
  return isValue;
}

/** The variable from which members lead to a value: `buf` for `&buf->import.attach`; null for any other expression. */
export function rootOf(value: Expression): string | null {
  const bare = value.kind === 'unary' && value.operator === '&' ? value.operand : withoutCasts(value);
  return lvalueText(bare)?.replace(/[.[].*/s, '') ?? null;
}

/** The expression without casts. */
export function withoutCasts(value: Expression): Expression {
  return value.kind === 'cast' ? withoutCasts(value.operand) : value;
}

/** Whether a structure has a union: what is stored under one name may be released under another. */
export function hasUnion(codebase: Codebase, path: string, tag: string): boolean {
  const code = codebase.program.file(path)?.code ?? '';
  const start = code.search(new RegExp(`\\bstruct\\s+${tag}\\s*\\{`));
  const end = code.indexOf('\n}', start);
  return start < 0 || textIncludes(code.slice(start, end < 0 ? undefined : end), 'union');
}
