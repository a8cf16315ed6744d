// What does an entry of a list of mapping types say?

import type { Expression } from '../../c/index.js';
import { mappingEntryTag } from '../../kernel/index.js';
import { returnedValues } from '../calls/returned-values.js';
import type { MappingEntry } from '../model/mapping-types.js';
import { stepAt } from '../places.js';
import type { MappingDialect, MappingReader } from './mapping-dialect.js';
import { peerAnswer } from './peer-answer.js';
import { type Bound, calleeScope, deeper, expanded, isTooDeep, offsetOf, resolved } from './scope.js';
import { typeTable } from './type-table.js';
import { variableNamed } from './variables.js';

/** The members of an entry, by name: `sgt.peer2peer` for one in a struct of its own. */
export type EntryMembers = ReadonlyMap<string, Bound>;

/** Makes an entry of the members that code gives it, at a place; without them nothing is known of it. */
export function entryFrom(
  { codebase, dialect }: MappingReader,
  members: EntryMembers | undefined,
  { at, isCertain }: { readonly at: Bound; readonly isCertain: boolean },
): MappingEntry {
  const value = members?.get(dialect.typeField);
  const type = value ? typeName(value) : null;
  const peer = [...(members ?? [])].find(([name]) => /peer|p2p/i.test(name.replace(/.*\./, '')))?.[1];
  return {
    type,
    peer2peer: members === undefined ? 'unknown' : peer ? peerAnswer(codebase, dialect, peer) : 'no',
    isCertain,
    step: stepAt(codebase, at.scope.path, offsetOf(at), type ? `the mapping type is ${type}` : 'a mapping type'),
    ops: typeTable(codebase, dialect, [...(members?.values() ?? [])]),
  };
}

/** The variable whose address says the type, or the constant that does. */
function typeName(bound: Bound): string | null {
  const { expression } = resolved(bound);
  const bare = expression.kind === 'unary' && expression.operator === '&' ? expression.operand : expression;
  return bare.kind === 'name' ? bare.name : null;
}

/** The members of an entry; undefined where the code does not show them. */
export function membersOf(reader: MappingReader, bound: Bound): EntryMembers | undefined {
  const at = resolved(bound);
  const { expression, scope } = at;
  if (isTooDeep(scope)) return undefined;
  const inside = (inner: Expression): EntryMembers | undefined => membersOf(reader, { expression: inner, scope });
  switch (expression.kind) {
    case 'initialiser':
      return initialised(reader.dialect, at, '');
    case 'compound-literal':
      return inside(expression.value);
    case 'statements': {
      const last = expression.body.at(-1);
      return last?.kind === 'expression' ? inside(last.expression) : undefined;
    }
    case 'unary':
      return expression.operator === '*' ? pointedAt(reader, { expression: expression.operand, scope }) : undefined;
    case 'name':
      return fromVariable(reader, expression.name, at) ?? fromMacro(reader, at);
    case 'call':
      return fromMacro(reader, at) ?? constructed(reader, at);
    default:
      return undefined;
  }
}

function fromMacro(reader: MappingReader, bound: Bound): EntryMembers | undefined {
  const whole = expanded(reader, bound);
  return whole && membersOf(reader, whole);
}

function pointedAt(reader: MappingReader, bound: Bound): EntryMembers | undefined {
  const { expression, scope } = resolved(bound);
  return expression.kind === 'unary' && expression.operator === '&'
    ? membersOf(reader, { expression: expression.operand, scope })
    : undefined;
}

/** The members of the entry that a function returns, where it has one way to do so. */
function constructed(reader: MappingReader, bound: Bound): EntryMembers | undefined {
  const scope = calleeScope(reader, bound);
  if (!scope?.ref?.outline.returnType.includes(mappingEntryTag)) return undefined;
  const [value, second] = returnedValues(reader.codebase.program.lower(scope.ref));
  return value && !second ? membersOf(reader, { expression: value, scope }) : undefined;
}

/** The members of one entry in a variable: what it is initialised with, and what is set later on every path. */
function fromVariable(reader: MappingReader, name: string, { scope }: Bound): EntryMembers | undefined {
  const variable = variableNamed(reader.codebase, name, scope);
  if (!variable || variable.isPointer) return undefined;
  const { initial, stores } = variable;
  if (stores.some(({ isCertain, index }) => !isCertain || index !== null)) return undefined;
  let members = new Map(initial ? membersOf(reader, deeper(initial)) : []);
  for (const { member, value } of stores)
    if (member === null) members = new Map(membersOf(reader, deeper(value)));
    else members.set(member, value);
  return members;
}

function initialised(dialect: MappingDialect, { expression, scope }: Bound, prefix: string): EntryMembers | undefined {
  if (expression.kind !== 'initialiser') return undefined;
  const members = new Map<string, Bound>();
  let next = 0;
  for (const { designators, value } of expression.entries) {
    if (designators[0] !== undefined) next = dialect.fields.indexOf(designators[0]);
    const path = `${prefix}${designators.length > 0 ? designators.join('.') : (dialect.fields[next] ?? next)}`;
    next++;
    const inner = initialised(dialect, { expression: value, scope }, `${path}.`);
    if (inner) for (const [name, one] of inner) members.set(name, one);
    else members.set(path, { expression: value, scope });
  }
  return members;
}
