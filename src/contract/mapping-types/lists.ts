// Which entries has a list of mapping types?

import type { Expression } from '../../c/index.js';
import { returnedValues } from '../calls/returned-values.js';
import type { MappingEntry, MappingTypes } from '../model/mapping-types.js';
import { entryFrom, membersOf } from './entries.js';
import type { MappingReader } from './mapping-dialect.js';
import { type Bound, calleeScope, deeper, expanded, isTooDeep, resolved, type Scope, scopeOf } from './scope.js';
import { throughParameter, type Variable, variableNamed } from './variables.js';

/** Reads the list that an expression is or points to. */
export function readList(reader: MappingReader, bound: Bound): MappingTypes {
  const at = resolved(bound);
  const { expression, scope } = at;
  if (isTooDeep(scope)) return unseen(at);
  const inside = (inner: Expression): MappingTypes => readList(reader, { expression: inner, scope });
  switch (expression.kind) {
    case 'unary':
      return expression.operator === '&' ? addressed(reader, { expression: expression.operand, scope }) : unseen(at);
    case 'compound-literal':
      return inside(expression.value);
    case 'initialiser':
      return initialised(reader, at);
    case 'conditional':
      return alternatives([inside(expression.then ?? expression.test), inside(expression.otherwise)]);
    case 'binary':
      return expression.operator === '+' ? inside(expression.left) : unseen(at);
    case 'name':
      return named(reader, at, expression.name);
    case 'call': {
      const whole = expanded(reader, at);
      return whole ? readList(reader, whole) : returned(reader, at);
    }
    case 'member':
      return nothing(`the list comes from member '${expression.member}'`);
    default:
      return unseen(at);
  }
}

/** A list of which no entry is known. */
export function nothing(unknown: string): MappingTypes {
  return { entries: [], unknown };
}

function unseen({ scope }: Bound): MappingTypes {
  return nothing(
    `the list is an expression that cannot be followed${scope.ref ? ` in ${scope.ref.outline.name}()` : ''}`,
  );
}

/** One of several lists: no entry is there on every path, but where only one list is possible. */
export function alternatives(lists: readonly MappingTypes[]): MappingTypes {
  const [first, ...others] = lists;
  if (!first) return nothing('no list is seen');
  if (others.length === 0) return first;
  return {
    entries: lists.flatMap(({ entries }) => entries.map((entry) => ({ ...entry, isCertain: false }))),
    unknown: lists.find(({ unknown }) => unknown !== null)?.unknown ?? null,
  };
}

/** The list that begins at an address: an entry alone, or the first of an array. */
function addressed(reader: MappingReader, bound: Bound): MappingTypes {
  const { expression, scope } = resolved(bound);
  if (expression.kind === 'index') return readList(reader, { expression: expression.object, scope });
  return readList(reader, { expression, scope });
}

function named(reader: MappingReader, at: Bound, name: string): MappingTypes {
  const { scope } = at;
  const whole = expanded(reader, at);
  if (whole) return readList(reader, whole);
  const index = scope.ref?.outline.parameters.findIndex((parameter) => parameter.name === name) ?? -1;
  if (index >= 0) return fromCallers(reader, scope, index);
  const variable = variableNamed(reader.codebase, name, scope);
  if (!variable) return nothing(`the list '${name}' is not in the tree`);
  return variable.isPointer ? fromPointer(reader, variable) : filled(reader, variable, at);
}

function fromPointer(reader: MappingReader, { initial, stores }: Variable): MappingTypes {
  const values = [
    ...(initial ? [initial] : []),
    ...stores.flatMap(({ index, member, value }) => (index || member !== null ? [] : [value])),
  ];
  return alternatives(
    values.filter(({ expression }) => !isNull(expression)).map((value) => readList(reader, deeper(value))),
  );
}

function isNull(expression: Expression): boolean {
  return expression.kind === 'name' && expression.name === 'NULL';
}

function fromCallers(reader: MappingReader, { ref, depth }: Scope, index: number): MappingTypes {
  const name = ref?.outline.name ?? '';
  const callers = ref ? reader.codebase.references.callersOf(ref) : [];
  if (callers.length === 0) return nothing(`the list is a parameter of ${name}(), and no call of it was found`);
  const lists = callers.flatMap(({ caller, call }) => {
    const value = call.arguments[index];
    const scope = { ...scopeOf(caller.path, caller), depth: depth + 1 };
    return value ? [readList(reader, { expression: value, scope })] : [];
  });
  return alternatives(lists);
}

function returned(reader: MappingReader, bound: Bound): MappingTypes {
  const scope = calleeScope(reader, bound);
  if (!scope?.ref) return unseen(bound);
  const { ref } = scope;
  const values = returnedValues(reader.codebase.program.lower(ref)).filter((value) => !isNull(value));
  // A function that returns an entry constructs one.
  if (membersOf(reader, bound))
    return { entries: [entryFrom(reader, membersOf(reader, bound), { at: bound, isCertain: true })], unknown: null };
  return alternatives(values.map((value) => readList(reader, { expression: value, scope })));
}

/** An array in an initialiser, or an entry alone: an entry names its members, an array does not. */
function initialised(reader: MappingReader, bound: Bound): MappingTypes {
  const { expression, scope } = bound;
  if (expression.kind !== 'initialiser') return unseen(bound);
  const isArray = expression.entries.some(
    ({ designators: [first], value }) =>
      first?.startsWith('[') || (first === undefined && isWhole(reader, { expression: value, scope })),
  );
  const values: readonly Bound[] = isArray
    ? expression.entries.map(({ value }) => ({ expression: value, scope }))
    : expression.entries.length > 0
      ? [bound]
      : [];
  return {
    entries: values.map((at) => entryFrom(reader, membersOf(reader, at), { at, isCertain: true })),
    unknown: null,
  };
}

/** Whether a value is an entry, and not the first member of one. */
function isWhole(reader: MappingReader, bound: Bound): boolean {
  const { expression } = bound;
  if (expression.kind === 'name') return membersOf(reader, bound) !== undefined;
  return ['initialiser', 'compound-literal', 'call'].includes(expression.kind);
}

/** What is in an array, or in an entry alone, when it has been filled. */
function filled(reader: MappingReader, { initial, stores, passed }: Variable, at: Bound): MappingTypes {
  if (stores.length > 0 && stores.every(({ index }) => index === null)) return alone(reader, at);
  const first = initial ? readList(reader, initial) : { entries: [], unknown: null };
  const later = stored(reader, stores, first.entries.length === 0 ? undefined : first.entries);
  const helpers = passed.map((one) => byHelper(reader, one));
  const entries = [...later, ...helpers.flatMap((one) => one.entries)];
  const unknown = first.unknown ?? helpers.find((one) => one.unknown !== null)?.unknown ?? null;
  if (entries.length > 0 || unknown !== null) return { entries, unknown };
  return unseen(at);
}

/** An entry that is set member by member. */
function alone(reader: MappingReader, at: Bound): MappingTypes {
  const members = membersOf(reader, at);
  return members ? { entries: [entryFrom(reader, members, { at, isCertain: true })], unknown: null } : unseen(at);
}

/** The entries after stores: a whole entry, or several members of the one with the same index. */
function stored(
  reader: MappingReader,
  stores: Variable['stores'],
  initial: readonly MappingEntry[] = [],
): readonly MappingEntry[] {
  const entries = [...initial];
  let open:
    | { readonly key: string; readonly members: Map<string, Bound>; readonly at: Bound; readonly isCertain: boolean }
    | undefined;
  const close = (): void => {
    if (open) entries.push(entryFrom(reader, open.members, open));
    open = undefined;
  };
  for (const { index, member, value, isCertain } of stores) {
    if (member === null) {
      close();
      entries.push(entryFrom(reader, membersOf(reader, value), { at: value, isCertain }));
      continue;
    }
    const key = keyOf(index);
    if (open?.key !== key) close();
    open ??= { key, members: new Map<string, Bound>(), at: value, isCertain };
    open.members.set(member, value);
  }
  close();
  return entries;
}

function keyOf(index: Expression | null): string {
  if (index === null) return '';
  if (index.kind === 'name') return index.name;
  return index.kind === 'literal' ? index.text : `${index.at}`;
}

/** What a helper writes into the list that it is given. One that only reads it, or that is a macro, writes nothing. */
function byHelper(reader: MappingReader, { call, index, isCertain }: Variable['passed'][number]): MappingTypes {
  const { codebase, dialect } = reader;
  const none: MappingTypes = { entries: [], unknown: null };
  const { expression } = call;
  const name = expression.kind === 'call' && expression.callee.kind === 'name' ? expression.callee.name : null;
  if (name === null) return nothing('the list is filled through a pointer');
  if (dialect.takers.get(name) === index || /^[A-Z\d_]+$|^mem\w+$|^sizeof$/.test(name)) return none;
  const scope = calleeScope(reader, call);
  const parameter = scope?.ref?.outline.parameters[index];
  if (!scope || !parameter) return nothing(`the list may be filled by ${name}(), which is not in the tree`);
  if (parameter.type.startsWith('const ')) return none;
  const own = throughParameter(codebase, parameter.name, {
    ...scope,
    given: new Map([...scope.given].filter(([one]) => one !== parameter.name)),
  });
  const entries = stored(reader, own.stores).map((entry) => ({ ...entry, isCertain: entry.isCertain && isCertain }));
  return entries.length > 0
    ? { entries, unknown: null }
    : nothing(`the list may be filled by ${name}(), which cannot be followed`);
}
