// Which part of a body runs every time, and which whenever a loop in it runs?

import { type Expression, type Statement, subexpressions, visitStatements } from '../../c/index.js';
import { isHarmless } from '../../kernel/index.js';

/** One round of a loop. */
export interface Round {
  /** What the loop asks before each round; null where it asks nothing. */
  readonly test: Expression | null;
  /** What is evaluated in every round. */
  readonly expressions: readonly Expression[];
}

/** The part of some code that runs every time. */
interface RunAlways {
  readonly expressions: readonly Expression[];
  /** The loops that the code comes to every time. */
  readonly rounds: readonly Round[];
  /** Whether the code may leave the function, so that what follows may not run. */
  readonly mayLeave: boolean;
}

/**
 * The expressions of a body that are evaluated every time it runs, up to the first statement that may leave.
 * @param isIdle the tests that are never true
 */
export function runAlways(body: readonly Statement[], isIdle: (test: Expression) => boolean): RunAlways {
  const expressions: Expression[] = [];
  const rounds: Round[] = [];
  for (const statement of body) {
    const inner = runAlwaysIn(statement, isIdle);
    expressions.push(...inner.expressions);
    rounds.push(...inner.rounds);
    if (inner.mayLeave) return { expressions, rounds, mayLeave: true };
  }
  return { expressions, rounds, mayLeave: false };
}

const none: RunAlways = { expressions: [], rounds: [], mayLeave: false };

function roundOf(
  { test, body }: Extract<Statement, { kind: 'for' | 'while' }>,
  isIdle: (test: Expression) => boolean,
): Round {
  const end = body.findIndex((statement) => mayEndRound([statement]));
  return { test, expressions: runAlways(end < 0 ? body : body.slice(0, end), isIdle).expressions };
}

function mayEndRound(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, ({ kind }) => {
    if (kind === 'break' || kind === 'continue') found = true;
  });
  return found;
}

function runAlwaysIn(statement: Statement, isIdle: (test: Expression) => boolean): RunAlways {
  switch (statement.kind) {
    case 'expression':
      return { ...none, expressions: evaluatedAlways(statement.expression) };
    case 'declaration':
      return { ...none, expressions: statement.value ? evaluatedAlways(statement.value) : [] };
    case 'block':
      return runAlways(statement.body, isIdle);
    case 'if':
      return {
        ...none,
        expressions: evaluatedAlways(statement.test),
        mayLeave: mayLeave(isIdle(statement.test) ? statement.otherwise : [statement]),
      };
    case 'macro-block': {
      const passed = statement.arguments.flatMap(evaluatedAlways);
      const inner = /guard/.test(statement.macro) ? runAlways(statement.body, isIdle).expressions : [];
      return { ...none, expressions: [...passed, ...inner], mayLeave: mayLeave(statement.body) };
    }
    case 'for':
    case 'while':
      return { ...none, rounds: [roundOf(statement, isIdle)], mayLeave: mayLeave([statement]) };
    default:
      return { ...none, mayLeave: mayLeave([statement]) };
  }
}

/** An expression with the expressions inside it that are evaluated whenever it is. Assertions are left out. */
function evaluatedAlways(expression: Expression): readonly Expression[] {
  if (expression.kind === 'call' && expression.callee.kind === 'name' && isHarmless(expression.callee.name)) return [];
  if (expression.kind === 'binary' && /^(?:&&|\|\|)$/.test(expression.operator))
    return evaluatedAlways(expression.left);
  if (expression.kind === 'conditional') return evaluatedAlways(expression.test);
  return [expression, ...subexpressions(expression).flatMap(evaluatedAlways)];
}

/** Whether some code may leave the function, or a jump may reach it. */
export function mayLeave(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, ({ kind }) => {
    if (kind === 'return' || kind === 'goto' || kind === 'label' || kind === 'unparsed') found = true;
  });
  return found;
}
