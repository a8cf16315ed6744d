import {
  conditionAt,
  type Expression,
  type FunctionUnit,
  type InitialiserExpression,
  lowerInitialiser,
  lvalueText,
  positionAt,
  subexpressions,
  type VariableOutline,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { type Codebase, type FunctionRef, functionAt, functionsIn } from '../../program/index.js';

/** One member of an ops table. */
export interface TableMember {
  readonly field: string;
  readonly value: Expression;
  /** The function that it names, or null where it is NULL or no plain name. */
  readonly functionName: string | null;
  readonly isNull: boolean;
  readonly at: number;
  /** The `#if` that it stands under, or null. */
  readonly condition: string | null;
}

/** An ops table: a variable of an ops type, or the part of a variable that is one. */
export interface OpsTable {
  readonly name: string;
  /** How it is reached from the variable: [] for the variable itself, ['ops'] for one nested in another struct. */
  readonly memberPath: readonly string[];
  readonly path: string;
  readonly at: number;
  readonly line: number;
  readonly members: readonly TableMember[];
  /** The function that it is a local variable of, or null. */
  readonly local: FunctionRef | null;
  readonly isStatic: boolean;
  /** Why its members are not known, or null. */
  readonly unreadable: string | null;
}

/** A table that was seen but could not be read. */
export interface TableProblem {
  readonly path: string;
  readonly at: number;
  readonly function: string | null;
  readonly reason: string;
}

/** The structs that hold an ops struct by value: from tag to the members that lead to it. */
export type Embedders = ReadonlyMap<string, readonly (readonly string[])[]>;

/** All tables of an ops type in the candidate files. */
export function findTables(
  codebase: Codebase,
  tag: string,
  fields: readonly string[],
): { readonly tables: readonly OpsTable[]; readonly problems: readonly TableProblem[]; readonly embedders: Embedders } {
  const embedders = findEmbedders(codebase, tag);
  const tables: OpsTable[] = [];
  const problems: TableProblem[] = [];
  const typeWord = new RegExp(`\\b(?:${[...embedders.keys()].join('|')})\\b`);
  for (const path of codebase.program.candidatesWith(typeWord)) {
    const file = codebase.program.file(path);
    if (!file) continue;
    for (const variable of file.unit.variables)
      tables.push(...variableTables(codebase, path, variable, embedders, fields));
    tables.push(...localTables(codebase, path, typeWord, embedders, fields));
    for (const macro of file.unit.macros)
      if (new RegExp(`struct\\s+${tag}\\s+\\w*(?:\\s*##\\s*\\w+)*\\s*=`).test(macro.body))
        problems.push({
          path,
          at: macro.at,
          function: null,
          reason: `macro ${macro.name}() defines a struct ${tag}: its uses are not expanded`,
        });
  }
  return { tables: dropTentative(tables), problems, embedders };
}

function findEmbedders(codebase: Codebase, tag: string): Embedders {
  const found = new Map<string, (readonly string[])[]>([[tag, [[]]]]);
  for (let grown = true; grown; ) {
    grown = false;
    const named = new RegExp(`\\bstruct\\s+(?:${[...found.keys()].join('|')})\\b`);
    const structs = codebase.program
      .candidatesWith(named)
      .flatMap((path) => codebase.program.file(path)?.unit.structs ?? []);
    for (const struct of structs) {
      if (found.has(struct.tag)) continue;
      const paths = struct.fields.flatMap((field) => {
        const inner = /^struct (\w+)$/.exec(field.type)?.[1];
        return inner && !field.pointer ? (found.get(inner) ?? []).map((path) => [field.name, ...path]) : [];
      });
      if (paths.length === 0) continue;
      found.set(struct.tag, paths);
      grown = true;
    }
  }
  return found;
}

function variableTables(
  codebase: Codebase,
  path: string,
  variable: VariableOutline,
  embedders: Embedders,
  fields: readonly string[],
): readonly OpsTable[] {
  const tag = /^struct (\w+)$/.exec(variable.type)?.[1];
  const memberPaths = tag ? embedders.get(tag) : undefined;
  const file = codebase.program.file(path);
  if (!memberPaths || !file || variable.pointer || variable.isExtern) return [];
  const value = lowerInitialiser(file, variable, codebase.program.attributes);
  const unreadable = variable.valueAt === null ? null : unreadableReason(value);
  const initialisers = variable.array && value?.kind === 'initialiser' ? elements(value) : [value];
  return initialisers.flatMap((initialiser, index) =>
    memberPaths.flatMap((memberPath) => {
      const inner = followMembers(initialiser, memberPath);
      if (variable.valueAt !== null && memberPath.length > 0 && !inner) return []; // this variable leaves it out
      const suffix = memberPaths.length > 1 ? `.${memberPath.join('.')}` : '';
      return [
        {
          name: `${variable.name}${variable.array ? `[${index}]` : ''}${suffix}`,
          memberPath,
          path,
          at: variable.nameAt,
          line: positionAt(file.unit, variable.nameAt).line,
          members: [
            ...readMembers(inner, fields, (at) => conditionAt(file.unit, at)),
            ...(variable.array ? [] : laterMembers(codebase, path, [variable.name, ...memberPath])),
          ],
          local: null,
          isStatic: variable.isStatic,
          unreadable,
        },
      ];
    }),
  );
}

function unreadableReason(value: Expression | undefined): string | null {
  if (value?.kind !== 'initialiser') return 'its initialiser cannot be parsed';
  return isWhole(value) ? null : 'part of its initialiser cannot be parsed';
}

function isWhole(expression: Expression): boolean {
  return expression.kind !== 'unparsed' && subexpressions(expression).every(isWhole);
}

/** Members of a file-level table that its file's functions set at run time: `foo_ops.release = f`. */
function laterMembers(codebase: Codebase, path: string, lvalue: readonly string[]): readonly TableMember[] {
  const pattern = new RegExp(`\\b${lvalue.join('\\s*\\.\\s*')}\\s*\\.\\s*\\w+\\s*=[^=]`, 'g');
  const functions = new Map<number, FunctionRef>();
  for (const match of codebase.program.file(path)?.code.matchAll(pattern) ?? []) {
    const ref = functionAt(codebase.program, path, match.index);
    if (ref) functions.set(ref.outline.start, ref);
  }
  return [...functions.values()].flatMap((ref) => assignedMembers(codebase.program.lower(ref), lvalue.join('.')));
}

function elements(value: InitialiserExpression): readonly (Expression | undefined)[] {
  return value.entries.map((entry) => entry.value);
}

/** The part of an initialiser that initialises a member. */
function followMembers(value: Expression | undefined, memberPath: readonly string[]): Expression | undefined {
  const [first, ...rest] = memberPath;
  if (first === undefined || !value) return value;
  if (value.kind !== 'initialiser') return undefined;
  const entries = value.entries.filter((entry) => entry.designators[0] === first);
  const nested = entries.find((entry) => entry.designators.length === 1);
  if (nested) return followMembers(nested.value, rest);
  // `.ops.pin = x` initialises the inner table from outside.
  const inner = entries.map((entry) => ({ ...entry, designators: entry.designators.slice(1) }));
  return inner.length > 0 ? followMembers({ kind: 'initialiser', entries: inner, at: value.at }, rest) : undefined;
}

function readMembers(
  value: Expression | undefined,
  fields: readonly string[],
  conditionOf: (at: number) => string | null,
): readonly TableMember[] {
  if (value?.kind !== 'initialiser') return [];
  let next = 0;
  return value.entries.flatMap((entry) => {
    const [designator] = entry.designators;
    if (designator !== undefined) next = fields.indexOf(designator);
    const field = designator ?? fields[next];
    next++;
    return field === undefined ? [] : [member(field, entry.value, entry.at, conditionOf(entry.at))];
  });
}

function member(field: string, value: Expression, at: number, condition: string | null): TableMember {
  const bare = stripAddress(value);
  const isNull =
    (bare.kind === 'name' && bare.name === 'NULL') || (bare.kind === 'literal' && /^0[uUlL]*$/.test(bare.text));
  const functionName = bare.kind === 'name' && !isNull ? bare.name : null;
  return { field, value, functionName, isNull, at, condition };
}

function stripAddress(value: Expression): Expression {
  if (value.kind === 'cast') return stripAddress(value.operand);
  if (value.kind === 'unary' && value.operator === '&') return stripAddress(value.operand);
  return value;
}

/** Tables that live in a function: `struct dma_buf_attach_ops ops = { … }`, also completed by assignments. */
function localTables(
  codebase: Codebase,
  path: string,
  typeWord: RegExp,
  embedders: Embedders,
  fields: readonly string[],
): readonly OpsTable[] {
  const file = codebase.program.file(path);
  if (!file) return [];
  const found: OpsTable[] = [];
  for (const ref of functionsIn(codebase.program, path)) {
    const code = file.code.slice(ref.outline.bodyStart, ref.outline.end);
    if (!new RegExp(`${typeWord.source}\\s+\\w+\\s*[;={,]`).test(code)) continue;
    const unit = codebase.program.lower(ref);
    visitStatements(unit.body, (statement) => {
      if (statement.kind !== 'declaration' || statement.pointer) return;
      const tag = /struct (\w+)$/.exec(statement.type)?.[1];
      for (const memberPath of (tag && embedders.get(tag)) || [])
        found.push({
          name: statement.name,
          memberPath,
          path,
          at: statement.at,
          line: positionAt(file.unit, statement.at).line,
          members: [
            ...readMembers(followMembers(statement.value ?? undefined, memberPath), fields, (at) =>
              conditionAt(file.unit, at),
            ),
            ...assignedMembers(unit, [statement.name, ...memberPath].join('.')),
          ],
          local: ref,
          isStatic: true,
          unreadable:
            statement.value && statement.value.kind !== 'initialiser' ? 'it is a copy made at run time' : null,
        });
    });
  }
  return found;
}

/** The members that a function assigns to a table: `x.ops.release = f`. */
export function assignedMembers(unit: FunctionUnit, table: string): readonly TableMember[] {
  const members: TableMember[] = [];
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
    if (lvalueText(expression.target.object) === table)
      members.push(member(expression.target.member, expression.value, expression.at, null));
  });
  return members;
}

/** `static const struct x ops;` ahead of its definition declares the same table once more. */
function dropTentative(tables: readonly OpsTable[]): readonly OpsTable[] {
  return tables.filter(
    (table, index) =>
      table.members.length > 0 ||
      table.local !== null ||
      !tables.some(
        (other, place) =>
          other !== table &&
          other.name === table.name &&
          other.path === table.path &&
          other.local === null &&
          (other.members.length > 0 || place < index),
      ),
  );
}

/** The members that a field may have; several where `#if` branches differ. */
export function membersFor(table: OpsTable, field: string): readonly TableMember[] {
  return table.members.filter((member) => member.field === field);
}

/** The function name of a field, or null where it is left out. The first one where `#if` branches differ. */
export function functionFor(table: OpsTable, field: string): string | null {
  return membersFor(table, field).find((member) => !member.isNull)?.functionName ?? null;
}

/** Whether a field is set to anything but NULL. */
export function isSet(table: OpsTable, field: string): boolean {
  return membersFor(table, field).some((member) => !member.isNull);
}
