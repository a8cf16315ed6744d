import { bodiesOf, expressionText, type FunctionUnit, type Statement, visitStatements } from '../../c/index.js';

/** A jump to a label after which something is released. */
export interface ReleasingJump {
  /** The offset of the `goto`. */
  readonly at: number;
  readonly label: string;
  /** The next label further down that releases less; null where there is none. */
  readonly next: string | null;
}

/** The statements that a jump to a label runs through. */
interface Unwinding {
  readonly name: string;
  readonly at: number;
  /** The offset at which the way ends: of the return or jump, or the end of the function. */
  readonly end: number;
}

/**
 * Finds the forward jumps to labels that release something. A jump too far down, or a return in place of the jump, skips
 * the release. A label behind which the function goes on with its work is none: what releases there belongs to that work.
 * @param releases the offsets of the calls that release
 */
export function releasesSkipped(unit: FunctionUnit, releases: readonly number[]): readonly ReleasingJump[] {
  const labels = unwindings(unit.body);
  const jumps: { readonly label: string; readonly at: number }[] = [];
  visitStatements(unit.body, (statement, around) => {
    if (statement.kind === 'goto' && !around.some(neverRuns)) jumps.push(statement);
  });
  return jumps.flatMap(({ label, at }) => {
    const target = labels.find(({ name }) => name === label);
    if (!target || target.at < at) return [];
    const own = releases.filter((release) => target.at < release && release < target.end);
    if (own.length === 0) return [];
    const next = labels.find((one) => one.at < target.end && own.some((release) => release < one.at));
    return [{ at, label, next: next?.name ?? null }];
  });
}

/** Whether a statement is an `if (0)`. */
function neverRuns(statement: Statement): boolean {
  return statement.kind === 'if' && expressionText(statement.test) === '0';
}

/** The labels of a body, each up to where the statements behind it leave, or begin to work: the result of a call is kept. */
function unwindings(body: readonly Statement[]): readonly Unwinding[] {
  return body.flatMap((statement, index): readonly Unwinding[] => {
    if (statement.kind !== 'label') return bodiesOf(statement).flatMap(unwindings);
    const end = body.slice(index).find((one) => leaves(one) || works(one));
    return [{ name: statement.name, at: statement.at, end: end?.at ?? Number.POSITIVE_INFINITY }];
  });
}

function leaves({ kind }: Statement): boolean {
  return kind === 'return' || kind === 'goto';
}

/** Whether a statement keeps what a call returns, other than a macro such as PTR_ERR(). */
function works(statement: Statement): boolean {
  if (statement.kind !== 'expression' || statement.expression.kind !== 'assignment') return false;
  const { value } = statement.expression;
  return value.kind === 'call' && !(value.callee.kind === 'name' && /^[A-Z_]+$/.test(value.callee.name));
}
