// Which rounds of a loop go on to the next one without dropping the lock that they took?

import {
  type CallExpression,
  callsIn,
  type Expression,
  expressionText,
  isLoop,
  type Statement,
  visitStatements,
} from '../../c/index.js';
import type { FunctionFlow } from '../../flow/index.js';
import { isBorrower, isHarmless, isNamedForLock, lockFunctions } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { LockDefect } from '../model/lifetimes.js';
import { stepAt } from '../places.js';

/**
 * Returns the `continue` statements between the call that takes a lock and the one that drops it, both in each round of a
 * loop, where what stands before the `continue` calls nothing that could drop the lock.
 */
export function locksPassedOver(codebase: Codebase, flows: readonly FunctionFlow[]): readonly LockDefect[] {
  const refs = new Map(flows.map(({ ref }) => [functionKey(ref), ref]));
  return [...refs.values()].flatMap((ref) => {
    const found: LockDefect[] = [];
    visitStatements(codebase.program.lower(ref).body, (statement) => {
      if (isLoop(statement)) found.push(...passedOverIn(codebase, ref, statement.body));
    });
    return found;
  });
}

function passedOverIn(codebase: Codebase, ref: FunctionRef, body: readonly Statement[]): readonly LockDefect[] {
  return body.flatMap((taking, index) => {
    const take = takenBy(taking);
    const lock = take && lockOf(take);
    if (!lock) return [];
    const rest = body.slice(index + 1);
    const dropAt = rest.findIndex((statement) => drops(statement, lock));
    return rest.slice(0, Math.max(dropAt, 0)).flatMap((statement) => {
      const at = passesOver(codebase, ref, statement);
      return at === null ? [] : [defect(codebase, ref, take, at)];
    });
  });
}

/** The call that takes a lock in each round: a statement of its own, or `if (!dma_resv_trylock(x)) continue;`. */
function takenBy(statement: Statement): CallExpression | undefined {
  const expression = statement.kind === 'expression' ? statement.expression : skippedWithout(statement);
  return expression?.kind === 'call' && effectOf(expression) === 'take' ? expression : undefined;
}

function skippedWithout(statement: Statement): Expression | undefined {
  if (statement.kind !== 'if' || statement.otherwise.length > 0 || lastOf(statement.then)?.kind !== 'continue') return;
  const { test } = statement;
  return test.kind === 'unary' && test.operator === '!' ? test.operand : undefined;
}

/** The offset of the `continue` of `if (…) continue;`, where nothing on the way to it can drop or keep the lock. */
function passesOver(codebase: Codebase, ref: FunctionRef, statement: Statement): number | null {
  if (statement.kind !== 'if') return null;
  const last = lastOf(statement.then);
  if (last?.kind !== 'continue') return null;
  const mayDrop = callsIn([{ kind: 'expression', expression: statement.test, at: statement.at }]).some(
    ({ name }) => name === null || isNamedForLock(name) || mayDropInside(codebase, ref, name),
  );
  const onlyCounts = unblocked(statement.then)
    .slice(0, -1)
    .every((one) => one.kind === 'expression' && one.expression.kind === 'update');
  return mayDrop || !onlyCounts ? null : last.at;
}

/** Whether a function that the test calls drops a lock, or calls what may do so. */
function mayDropInside(codebase: Codebase, { path }: FunctionRef, name: string): boolean {
  if (isHarmless(name) || isBorrower(name) || lockFunctions.has(name)) return false;
  const callee = codebase.definitions.findNear(name, path);
  if (!callee) return true;
  return callsIn(codebase.program.lower(callee).body).some((call) => call.name === null || isNamedForLock(call.name));
}

function drops(statement: Statement, lock: string): boolean {
  if (statement.kind !== 'expression' || statement.expression.kind !== 'call') return false;
  return effectOf(statement.expression) === 'drop' && lockOf(statement.expression) === lock;
}

function effectOf({ callee }: CallExpression) {
  return callee.kind === 'name' ? lockFunctions.get(callee.name)?.effect : undefined;
}

function lockOf({ arguments: [lock] }: CallExpression): string | undefined {
  return lock && expressionText(lock);
}

function lastOf(body: readonly Statement[]): Statement | undefined {
  return unblocked(body).at(-1);
}

function unblocked(body: readonly Statement[]): readonly Statement[] {
  const [only] = body;
  return body.length === 1 && only?.kind === 'block' ? only.body : body;
}

function defect(codebase: Codebase, { path, outline }: FunctionRef, take: CallExpression, at: number): LockDefect {
  const api = take.callee.kind === 'name' ? take.callee.name : '';
  return {
    kind: 'leak',
    verdict: 'passed-over',
    path,
    at,
    function: outline.name,
    api,
    certainty: 'high',
    trace: [stepAt(codebase, path, take.at, `taken here by ${api}()`)],
  };
}
