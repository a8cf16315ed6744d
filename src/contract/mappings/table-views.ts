// Where does an importer look at pages, or at addresses and lengths of the CPU, in a table that it got by a map?

import { type Expression, expressionText, visitExpressions, visitStatements } from '../../c/index.js';
import { isCpuLength, loopsOverEntries, loopsOverPages, mentionsTableView, viewsTable } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';
import type { AttachmentUse } from '../model/attachment.js';
import type { TableView } from '../model/mappings.js';
import { withAliases } from '../owners/members.js';
import { tableImporters } from '../tables/table-importers.js';
import { unique } from '../unique.js';
import { memberReaders } from './member-tables.js';

/** Finds the first look of each function, and of the helpers that it hands the table to. */
export function findTableViews(codebase: Codebase, uses: readonly AttachmentUse[]): readonly TableView[] {
  const mapped = uses.filter(({ kind }) => kind === 'map');
  const own = mapped.flatMap(({ ref, call, name }) =>
    viewsOfCall(codebase, ref, call.at).map((view) => ({
      ...view,
      source: { ref, at: call.at, what: `${name}() maps it here` },
    })),
  );
  const imported = tableImporters(codebase).flatMap((ref) => {
    const table = ref.outline.parameters.findLast(({ type }) => /\bsg_table\b/.test(type))?.name;
    return table === undefined
      ? []
      : viewsOfParameter(codebase, ref, table).map((view) => ({
          ...view,
          source: { ref, at: ref.outline.nameAt, what: `${ref.outline.name}() is called with a mapped table` },
        }));
  });
  const kept = memberReaders(codebase, mapped).flatMap(({ ref, held: { tag, member, filledBy }, isTable }) =>
    viewsIn(codebase, ref, isTable, [], 1).map((view) => ({
      ...view,
      source: {
        ref: filledBy.ref,
        at: filledBy.call.at,
        what: `${filledBy.name}() maps it here, and '${member}' of struct ${tag} keeps it`,
      },
    })),
  );
  return unique([...own, ...imported, ...kept], ({ ref }) => functionKey(ref));
}

type View = Omit<TableView, 'source'>;

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
  const first = mentionsTableView(codebase.program.bodyText(ref)) ? firstView(unit.body, isTable) : undefined;
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

/** The first look of a body at a table. */
function firstView(
  body: Parameters<typeof visitStatements>[0],
  isTable: (value: Expression) => boolean,
): Pick<View, 'at' | 'what' | 'how'> | undefined {
  const cursors = new Set<string>();
  let found: Pick<View, 'at' | 'what' | 'how'> | undefined;
  const isCursor = (value: Expression): boolean => value.kind === 'name' && cursors.has(value.name);
  const isPart = (value: Expression | undefined): boolean => {
    if (!value) return false;
    return isCursor(value) || isTable(value) || (value.kind === 'member' && isPart(value.object));
  };
  visitStatements(body, (statement) => {
    if (statement.kind !== 'macro-block' || !isPart(statement.arguments[0])) return;
    const cursor = statement.arguments[1];
    if (loopsOverPages(statement.macro)) found ??= { at: statement.at, what: 'pages', how: statement.macro };
    else if (loopsOverEntries(statement.macro) && cursor?.kind === 'name') cursors.add(cursor.name);
  });
  let length: typeof found;
  visitExpressions(body, (expression) => {
    if (expression.kind === 'member' && isCpuLength(expression.member) && isCursor(expression.object))
      length ??= { at: expression.at, what: 'length', how: expressionText(expression) };
    if (expression.kind !== 'call' || expression.callee.kind !== 'name') return;
    if (viewsTable(expression.callee.name) && expression.arguments.some(isPart))
      found ??= { at: expression.at, what: 'pages', how: `${expression.callee.name}()` };
  });
  return found ?? length;
}
