// Does a callback do nothing?

import { callsIn, type FunctionUnit, lvalueText, visitExpressions, visitStatements } from '../../c/index.js';
import { isHarmless, isLibraryLeaf, isLog } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { calledNames } from '../calls/called-names.js';
import type { CallbackVerdict } from '../model/callback.js';
import { stepAt } from '../places.js';

/** Returns the verdict `stub` for a callback that does nothing; undefined for any other callback. */
export function stubVerdict(codebase: Codebase, callback: FunctionRef): CallbackVerdict | undefined {
  if (!doesNothing(codebase, callback, new Set(), 4)) return undefined;
  const unit = codebase.program.lower(callback);
  const log = callsIn(unit.body).find(({ name }) => name !== null && isLog(name));
  const trace = [
    stepAt(
      codebase,
      callback.path,
      callback.outline.nameAt,
      `${callback.outline.name}() ${log ? 'only warns' : 'only returns'}`,
    ),
  ];
  return { kind: 'stub', only: log ? 'warns' : 'returns', trace };
}

/** Whether a function provably changes nothing but its own variables: it only logs, asserts, reads and returns. */
function doesNothing(codebase: Codebase, ref: FunctionRef, seen: Set<string>, depth: number): boolean {
  if (seen.has(functionKey(ref))) return true;
  seen.add(functionKey(ref));
  const unit = codebase.program.lower(ref);
  if (unit.unparsed.length > 0) return false;
  let nothing = true;
  const { locals } = assignmentsOf(unit);
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'unparsed') nothing = false;
    if (statement.kind === 'declaration' && statement.cleanup !== null) nothing = false;
    if (statement.kind === 'macro-block' && /guard|lock/i.test(statement.macro)) nothing = false;
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' || expression.kind === 'update') {
      const target = lvalueText(expression.kind === 'assignment' ? expression.target : expression.operand);
      if (target === null || !(locals.has(target) || unit.parameters.some((parameter) => parameter.name === target)))
        nothing = false;
    }
    if (expression.kind === 'unparsed') nothing = false;
  });
  return (
    nothing &&
    callsIn(unit.body).every((call) => call.name !== null && isHarmlessCall(codebase, call.name, unit, seen, depth))
  );
}

function isHarmlessCall(
  codebase: Codebase,
  name: string,
  unit: FunctionUnit,
  seen: Set<string>,
  depth: number,
): boolean {
  if (isHarmless(name)) return true;
  if (isLibraryLeaf(name) || depth === 0) return false;
  const target = codebase.definitions.find(name, unit.path);
  if (target) return doesNothing(codebase, target, seen, depth - 1);
  const macro = codebase.definitions.macro(name, unit.path);
  return (
    macro !== undefined &&
    !macro.includes('=') &&
    calledNames(macro).every((inner) => inner !== name && isHarmlessCall(codebase, inner, unit, seen, depth - 1))
  );
}
