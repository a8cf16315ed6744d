// Where does an importer look at pages, or at addresses and lengths of the CPU, in a table that it got by a map?

import {
  type Expression,
  expressionText,
  type FunctionUnit,
  type Statement,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  isCpuLength,
  isNullWord,
  loopsOverEntries,
  loopsOverPages,
  mentionsTableView,
  viewsTable,
} from '../../kernel/index.js';
import {
  assignmentsOf,
  type Codebase,
  type FunctionRef,
  functionKey,
  memoByFunction,
  plain,
} from '../../program/index.js';
import type { AttachmentUse } from '../model/attachment.js';
import type { TableView } from '../model/mappings.js';
import { type IsValue, rootOf, withAliases } from '../owners/members.js';
import { tableImporters } from '../tables/table-importers.js';
import { unique } from '../unique.js';
import { memberReaders } from './member-tables.js';

/** Finds the first look of each function, and of the helpers that it hands the table to. */
export function findTableViews(codebase: Codebase, uses: readonly AttachmentUse[]): readonly TableView[] {
  const mapped = uses.filter(({ kind }) => kind === 'map');
  const own = mapped.flatMap(({ ref, call, name }) =>
    viewsOfCall(codebase, ref, call.at).map((view) => ({
      ...view,
      mappedBy: name,
      source: { ref, at: call.at, what: `${name}() maps it here` },
    })),
  );
  const imported = tableImporters(codebase).flatMap((ref) => {
    const table = ref.outline.parameters.findLast(({ type }) => /\bsg_table\b/.test(type))?.name;
    return table === undefined
      ? []
      : viewsOfParameter(codebase, ref, table).map((view) => ({
          ...view,
          mappedBy: null,
          source: { ref, at: ref.outline.nameAt, what: `${ref.outline.name}() is called with a mapped table` },
        }));
  });
  const kept = memberReaders(codebase, mapped).flatMap(({ ref, held: { tag, member, filledBy }, isTable }) =>
    viewsIn(codebase, ref, isTable, [], 1).map((view) => ({
      ...view,
      mappedBy: filledBy.name,
      source: {
        ref: filledBy.ref,
        at: filledBy.call.at,
        what: `${filledBy.name}() maps it here, and '${member}' of struct ${tag} keeps it`,
      },
    })),
  );
  return unique([...own, ...imported, ...kept], ({ ref }) => functionKey(ref));
}

type View = Omit<TableView, 'source' | 'mappedBy'>;

/** The looks at the table that a call at an offset returns. */
function viewsOfCall(codebase: Codebase, ref: FunctionRef, at: number): readonly View[] {
  const isCall = (value: Expression): boolean => value.kind === 'call' && value.at === at;
  return memoByFunction(codebase, ref, `views\0${at}`, () => viewsIn(codebase, ref, isCall, [], 1), plain());
}

function viewsOfParameter(codebase: Codebase, ref: FunctionRef, name: string): readonly View[] {
  const find = (): readonly View[] => viewsIn(codebase, ref, () => false, [name], 1);
  return memoByFunction(codebase, ref, `views\0${name}`, find, plain());
}

function viewsIn(
  codebase: Codebase,
  ref: FunctionRef,
  isSeed: (value: Expression) => boolean,
  known: readonly string[],
  depth: number,
): readonly View[] {
  const unit = codebase.program.lower(ref);
  const isTable = withAliases(unit, isSeed, known);
  const first = mentionsTableView(codebase.program.bodyText(ref)) ? firstView(unit, isTable) : undefined;
  if (first) return [{ ref, ...first }];
  const below: View[] = [];
  if (depth > 0)
    visitExpressions(unit.body, (expression) => {
      if (expression.kind !== 'call' || expression.callee.kind !== 'name' || viewsTable(expression.callee.name)) return;
      const index = expression.arguments.findIndex(isTable);
      const target = index < 0 ? undefined : codebase.definitions.findNear(expression.callee.name, ref.path);
      const parameter = target?.outline.parameters[index]?.name;
      if (target && parameter) below.push(...viewsIn(codebase, target, () => false, [parameter], depth - 1));
    });
  return below;
}

/** The first look of a function at a table. */
function firstView(unit: FunctionUnit, isTable: IsValue): Pick<View, 'at' | 'what' | 'how'> | undefined {
  const cursors = new Set<string>();
  let found: Pick<View, 'at' | 'what' | 'how'> | undefined;
  const isPart = (value: Expression | undefined, around: readonly Statement[] = []): boolean => {
    if (value?.kind === 'member') return isTable(value) || isPart(value.object, around);
    if (value?.kind !== 'name' || isTable(value)) return value !== undefined && isTable(value);
    const table = tableOfLoop(value.name, around);
    return table ? isPart(table) : cursors.has(value.name);
  };
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'macro-block' || !isPart(statement.arguments[0])) return;
    const cursor = statement.arguments[1];
    if (loopsOverPages(statement.macro)) found ??= { at: statement.at, what: 'pages', how: statement.macro };
    else if (loopsOverEntries(statement.macro) && cursor?.kind === 'name') cursors.add(cursor.name);
  });
  let length: typeof found;
  visitExpressions(unit.body, (expression, _, around) => {
    if (expression.kind === 'member' && isCpuLength(expression.member) && expression.object.kind === 'name') {
      const table = tableOfLoop(expression.object.name, around);
      if (table && isPart(table) && isOnlyTable(unit, table, isTable))
        length ??= { at: expression.at, what: 'length', how: expressionText(expression) };
    }
    if (expression.kind !== 'call' || expression.callee.kind !== 'name') return;
    if (viewsTable(expression.callee.name) && expression.arguments.some((argument) => isPart(argument, around)))
      found ??= { at: expression.at, what: 'pages', how: `${expression.callee.name}()` };
  });
  return found ?? length;
}

/** What the innermost loop with a cursor walks: a function may use one variable for loops over several tables. */
function tableOfLoop(cursor: string, around: readonly Statement[]): Expression | undefined {
  for (const loop of around.toReversed()) {
    if (loop.kind !== 'macro-block' || !loopsOverEntries(loop.macro)) continue;
    const [table, own] = loop.arguments;
    if (own?.kind === 'name' && own.name === cursor) return table;
  }
  return undefined;
}

/** Whether the variable that a loop walks never holds another table, in no branch of a `?:` either. */
function isOnlyTable(unit: FunctionUnit, table: Expression, isTable: IsValue): boolean {
  const isWhole = (value: Expression): boolean =>
    value.kind === 'conditional'
      ? isWhole(value.then ?? value.test) && isWhole(value.otherwise)
      : isTable(value) || isNullWord(value);
  const values = assignmentsOf(unit).values.get(rootOf(table) ?? '') ?? [];
  return !values.some(isTable) || values.every(isWhole);
}
