// Which members does a table get from another one that is copied into it as a whole?

import { type Expression, visitExpressions } from '../../c/index.js';
import type { Codebase } from '../../program/index.js';
import { functionsMatching } from './functions-matching.js';
import type { OpsTable } from './ops-table.js';

/**
 * Adds what is copied to the tables at file level that a function of their file fills from another table: `ops = base_ops;`.
 * What the table is given besides comes first. A table that is filled from something else cannot be read.
 */
export function withCopiedMembers(codebase: Codebase, tables: readonly OpsTable[]): readonly OpsTable[] {
  return tables.map((table) => {
    if (table.local !== null || table.memberPath.length > 0 || table.unreadable !== null) return table;
    const sources = copiedInto(codebase, table);
    if (sources.length === 0) return table;
    const known = sources.flatMap((source) =>
      tables.filter((other) => other !== table && isThat(other, source, table)),
    );
    if (known.length < sources.length) return { ...table, unreadable: 'it is a copy made at run time' };
    const own = new Set(table.members.map(({ field }) => field));
    const copied = known.flatMap(({ members }) => members.filter(({ field }) => !own.has(field)));
    return { ...table, members: [...table.members, ...copied] };
  });
}

function isThat(other: OpsTable, source: string, { path }: OpsTable): boolean {
  return other.name === source && other.local === null && (other.path === path || !other.isStatic);
}

/** The names of the variables that the functions of a table's file copy into it; empty text for anything else. */
function copiedInto(codebase: Codebase, { name, path }: OpsTable): readonly string[] {
  if (!/^\w+$/.test(name)) return [];
  const pattern = new RegExp(`(?<![\\w.>]\\s*)\\b${name}\\s*=(?!=)|\\bmemcpy\\s*\\(\\s*&\\s*${name}\\b`, 'g');
  return functionsMatching(codebase, path, pattern).flatMap((ref) => {
    const found: string[] = [];
    visitExpressions(codebase.program.lower(ref).body, (expression) => {
      if (expression.kind === 'assignment' && isName(expression.target, name)) found.push(nameIn(expression.value));
      if (expression.kind !== 'call' || !isName(expression.callee, 'memcpy')) return;
      const [target, source] = expression.arguments;
      if (target && source && nameIn(target) === name) found.push(nameIn(source));
    });
    return found;
  });
}

function isName(expression: Expression, name: string): boolean {
  return expression.kind === 'name' && expression.name === name;
}

/** The x of `x` and `&x`; empty text for any other expression. */
function nameIn(expression: Expression): string {
  const inner = expression.kind === 'unary' && expression.operator === '&' ? expression.operand : expression;
  return inner.kind === 'name' ? inner.name : '';
}
