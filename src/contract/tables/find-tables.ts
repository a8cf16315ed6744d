// Which ops tables does the tree define?

import {
  conditionAt,
  type Expression,
  lowerInitialiser,
  positionAt,
  type SourceFile,
  subexpressions,
  type VariableOutline,
  visitStatements,
} from '../../c/index.js';
import { type Codebase, type FunctionRef, functionsIn } from '../../program/index.js';
import { type ContainingStructs, findContainingStructs } from './containing-structs.js';
import { withCopiedMembers } from './copied-members.js';
import { functionsMatching } from './functions-matching.js';
import { type MemberNames, memberNamesIn } from './named-by-macro.js';
import type { OpsTable, TableMember } from './ops-table.js';
import { assignedMembers, initialisedMembers, nestedInitialiser } from './table-members.js';

/** A table that exists but could not be read. */
export interface TableProblem {
  readonly path: string;
  readonly at: number;
  readonly function: string | null;
  readonly reason: string;
}

/** All tables of one ops type. */
export interface FoundTables {
  readonly tables: readonly OpsTable[];
  readonly problems: readonly TableProblem[];
  readonly containers: ContainingStructs;
}

/** What the search looks for in one file. */
interface TableSearch {
  readonly codebase: Codebase;
  readonly path: string;
  readonly file: SourceFile;
  readonly containers: ContainingStructs;
  /** The fields of the ops struct in order. */
  readonly fields: readonly string[];
  readonly names: MemberNames;
}

/**
 * Finds the tables of an ops type in the candidate files.
 * @param tag of the ops struct
 * @param fields of the ops struct in order, for positional initialisers
 */
export function findTables(codebase: Codebase, tag: string, fields: readonly string[]): FoundTables {
  const containers = findContainingStructs(codebase, tag);
  const tables: OpsTable[] = [];
  const problems: TableProblem[] = [];
  const typeWord = new RegExp(`\\b(?:${[...containers.keys()].join('|')})\\b`);
  for (const path of codebase.program.candidatesWith(typeWord)) {
    const file = codebase.program.file(path);
    if (!file) continue;
    const search: TableSearch = {
      codebase,
      path,
      file,
      containers,
      fields,
      names: memberNamesIn(codebase, path, fields),
    };
    for (const variable of file.unit.variables) tables.push(...globalTables(search, variable));
    tables.push(...localTables(search, typeWord));
    for (const macro of file.unit.macros)
      if (new RegExp(`struct\\s+${tag}\\s+\\w*(?:\\s*##\\s*\\w+)*\\s*=`).test(macro.body))
        problems.push({
          path,
          at: macro.at,
          function: null,
          reason: `macro ${macro.name}() defines a struct ${tag}: its uses are not expanded`,
        });
  }
  return { tables: withCopiedMembers(codebase, withoutDeclarations(tables)), problems, containers };
}

/** The tables in a variable at file level: one for each array element and each member path. */
function globalTables(search: TableSearch, variable: VariableOutline): readonly OpsTable[] {
  const { codebase, path, file, containers, fields, names } = search;
  const tag = /^struct (\w+)$/.exec(variable.type)?.[1];
  const memberPaths = tag ? containers.get(tag) : undefined;
  if (!memberPaths || variable.pointer || variable.isExtern) return [];
  const value = lowerInitialiser(file, variable, codebase.program.attributes);
  const unreadable = variable.valueAt === null ? null : unreadableReason(value);
  const initialisers =
    variable.array && value?.kind === 'initialiser' ? value.entries.map((entry) => entry.value) : [value];
  return initialisers.flatMap((initialiser, index) =>
    memberPaths.flatMap((memberPath) => {
      const inner = nestedInitialiser(initialiser, memberPath);
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
            ...initialisedMembers(inner, fields, names, (at) => conditionAt(file.unit, at)),
            ...(variable.array ? [] : laterMembers(search, [variable.name, ...memberPath])),
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

/** The members of a table at file level that functions of its file set at run time, as in `foo_ops.release = f`. */
function laterMembers({ codebase, path, names }: TableSearch, lvalue: readonly string[]): readonly TableMember[] {
  const pattern = new RegExp(`\\b${lvalue.join('\\s*\\.\\s*')}\\s*\\.\\s*\\w+\\s*=[^=]`, 'g');
  return functionsMatching(codebase, path, pattern).flatMap((ref) =>
    assignedMembers(codebase.program.lower(ref), lvalue.join('.'), names),
  );
}

/** The tables in local variables, as in `struct dma_buf_attach_ops ops = { … }`, with the members assigned later. */
function localTables(search: TableSearch, typeWord: RegExp): readonly OpsTable[] {
  const { codebase, path, file } = search;
  const declaration = new RegExp(`${typeWord.source}\\s+\\w+\\s*[;={,]`);
  return functionsIn(codebase.program, path).flatMap((ref) =>
    declaration.test(file.code.slice(ref.outline.bodyStart, ref.outline.end)) ? tablesInFunction(search, ref) : [],
  );
}

function tablesInFunction({ codebase, path, file, containers, fields, names }: TableSearch, ref: FunctionRef) {
  const found: OpsTable[] = [];
  const unit = codebase.program.lower(ref);
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'declaration' || statement.pointer) return;
    const tag = /struct (\w+)$/.exec(statement.type)?.[1];
    for (const memberPath of (tag && containers.get(tag)) || [])
      found.push({
        name: statement.name,
        memberPath,
        path,
        at: statement.at,
        line: positionAt(file.unit, statement.at).line,
        members: [
          ...initialisedMembers(nestedInitialiser(statement.value ?? undefined, memberPath), fields, names, (at) =>
            conditionAt(file.unit, at),
          ),
          ...assignedMembers(unit, [statement.name, ...memberPath].join('.'), names),
        ],
        local: ref,
        isStatic: true,
        unreadable: statement.value && statement.value.kind !== 'initialiser' ? 'it is a copy made at run time' : null,
      });
  });
  return found;
}

/** `static const struct x ops;` ahead of the definition only declares the same table: it is left out. */
function withoutDeclarations(tables: readonly OpsTable[]): readonly OpsTable[] {
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
