// Does what a buffer's `priv` points to live as long as the buffer?

import { callsIn, type Expression, visitExpressions, visitStatements } from '../../c/index.js';
import { isHarmless } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionsIn } from '../../program/index.js';
import type { OutlivedPrivate } from '../model/mappings.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';

/**
 * Returns where an exporter stores something in the `priv` of what it exports, though its `release` does nothing: neither
 * frees it nor drops a reference. Null where release does something, and where the object is static.
 */
export function outlivedPrivate(codebase: Codebase, table: OpsTable): OutlivedPrivate | null {
  const release = opFunction(codebase, table, 'release');
  if (!release || table.unreadable || !doesNothing(codebase, release)) return null;
  for (const ref of functionsIn(codebase.program, table.path)) {
    const code = codebase.program.bodyText(ref);
    if (!new RegExp(`&\\s*${table.name.replace(/[[.].*/, '')}\\b`).test(code)) continue;
    const at = storedPrivate(codebase, ref);
    if (at !== null) return { release, ref, at };
  }
  return null;
}

/** Whether a body has neither a call, except for logs, nor an assignment. */
function doesNothing(codebase: Codebase, ref: FunctionRef): boolean {
  const unit = codebase.program.lower(ref);
  let does = unit.unparsed.length > 0 || callsIn(unit.body).some(({ name }) => name === null || !isHarmless(name));
  visitExpressions(unit.body, ({ kind }) => {
    if (kind === 'assignment' || kind === 'update') does = true;
  });
  visitStatements(unit.body, ({ kind }) => {
    if (kind === 'macro-block' || kind === 'variants') does = true;
  });
  return !does;
}

/** Offset of `info.priv = object` for an object that is no NULL and no address of a variable. */
function storedPrivate(codebase: Codebase, ref: FunctionRef): number | null {
  let at: number | null = null;
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
    if (expression.target.member !== 'priv' || expression.target.arrow) return;
    if (isObject(expression.value)) at ??= expression.at;
  });
  return at;
}

function isObject(value: Expression): boolean {
  if (value.kind === 'unary' && value.operator === '&') {
    const part = value.operand.kind === 'index' ? value.operand.object : value.operand;
    return part.kind === 'member' && part.arrow;
  }
  return value.kind === 'member' || (value.kind === 'name' && value.name !== 'NULL');
}
