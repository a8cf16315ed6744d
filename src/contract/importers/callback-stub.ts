// Does a callback do nothing?

import {
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { countsUp, isCountOrPrint, isHarmless, isLibraryLeaf, isLog } from '../../kernel/index.js';
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
    const isCounted = expression.kind === 'update' && isMereCount(codebase, ref.path, expression.operand);
    if ((expression.kind === 'assignment' || expression.kind === 'update') && !isCounted) {
      const target = lvalueText(expression.kind === 'assignment' ? expression.target : expression.operand);
      if (target === null || !(locals.has(target) || unit.parameters.some((parameter) => parameter.name === target)))
        nothing = false;
    }
    if (expression.kind === 'unparsed') nothing = false;
  });
  return (
    nothing &&
    callsIn(unit.body).every(
      ({ name, call }) =>
        name !== null &&
        (isHarmlessCall(codebase, name, unit, seen, depth) ||
          (countsUp(name) && call.arguments.some((argument) => isMereCount(codebase, ref.path, argument)))),
    )
  );
}

/**
 * Whether a member only counts, for people: the files that can see it do nothing with it but count up, and print. Of a member
 * that is read in any other way nothing is said.
 */
function isMereCount(codebase: Codebase, path: string, place: Expression): boolean {
  const member = place.kind === 'unary' && place.operator === '&' ? place.operand : place;
  if (member.kind !== 'member') return false;
  const mention = new RegExp(`^.*(?:->|\\.)\\s*${member.member}\\b.*$`, 'gm');
  return codebase.definitions
    .module(path)
    .filter((file) => codebase.program.includes(file, member.member))
    .every((file) => ((codebase.program.file(file)?.code ?? '').match(mention) ?? []).every(isCountOrPrint));
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
