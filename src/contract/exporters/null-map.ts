// Can `map_dma_buf` return NULL to an importer? Importers test what they get with IS_ERR().

import { callsIn, type Expression, type Statement, visitExpressions, visitStatements } from '../../c/index.js';
import { nullReturns } from '../../flow/index.js';
import { dmaBufCore, isErrorValue } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionsIn } from '../../program/index.js';
import { decisionSteps } from '../lifetimes/defects.js';
import type { NullMap } from '../model/exporter.js';
import { stepAt } from '../places.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';

const slot = 'map_dma_buf';

/**
 * Returns where an exporter's `map_dma_buf` returns NULL; null where it does not, where its code is not known, and where
 * the core makes an error of it.
 */
export function nullMapOf(codebase: Codebase, table: OpsTable): NullMap | null {
  const ref = opFunction(codebase, table, slot);
  const [first] = ref ? nullReturns(codebase, ref) : [];
  if (!ref || !first || coreMakesErrorOfNull(codebase)) return null;
  return {
    function: ref.outline.name,
    path: ref.path,
    at: first.at,
    steps: [
      stepAt(codebase, table.path, table.at, `${ref.outline.name}() is the ${slot} of '${table.name}'`),
      ...decisionSteps(codebase, first.decisions, null),
    ],
  };
}

/**
 * Whether the core turns NULL from `map_dma_buf` into an error: where it calls it, as Linux 7.2 does, or where a function of
 * its own that does so is called, as `__map_dma_buf()` up to 6.12. Also where the tree has no core.
 */
function coreMakesErrorOfNull(codebase: Codebase): boolean {
  return codebase.memory.recall('core-refuses-null-map', () => {
    const functions = functionsIn(codebase.program, dmaBufCore);
    // The headers of a kernel do not tell. Every core up to Linux 7.3 does it.
    if (functions.length === 0) return true;
    const calls = (names: ReadonlySet<string>): readonly FunctionRef[] =>
      functions.filter((ref) => callsIn(bodyOf(codebase, ref)).some(({ name }) => name !== null && names.has(name)));
    const direct = functions
      .filter((ref) => codebase.program.bodyText(ref).includes(slot))
      .filter((ref) => callsIn(bodyOf(codebase, ref)).some(({ call }) => isSlotCall(call)));
    const callers = calls(new Set(direct.map(({ outline }) => outline.name)));
    return [...direct, ...callers].some((ref) => makesErrorOfNull(bodyOf(codebase, ref)));
  });
}

const bodyOf = (codebase: Codebase, ref: FunctionRef): readonly Statement[] => codebase.program.lower(ref).body;

function isSlotCall({ callee }: { readonly callee: Expression }): boolean {
  return callee.kind === 'member' && callee.member === slot;
}

/** Whether a body has `if (!x) x = ERR_PTR(...)`, or returns an error there. */
function makesErrorOfNull(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    if (statement.kind !== 'if' || statement.test.kind !== 'unary' || statement.test.operator !== '!') return;
    const { operand } = statement.test;
    visitExpressions(statement.then, (expression) => {
      if (expression.kind === 'assignment' && isErrorValue(expression.value) && isSameName(expression.target, operand))
        found = true;
    });
  });
  return found;
}

function isSameName(one: Expression, other: Expression): boolean {
  return one.kind === 'name' && other.kind === 'name' && one.name === other.name;
}
