// Which ops tables does this tree's core refuse? dma_buf_export() and dma_buf_dynamic_attach() test the members and fail
// with -EINVAL. What they ask differs between kernels, and a series may change it: it is read from the function.

import { type Expression, type Statement, visitStatements } from '../../c/index.js';
import { transparentArgument } from '../../flow/index.js';
import {
  attachFunctions,
  dmaBufCore,
  exporterOpsTag,
  functionsWithRole,
  importerOpsTag,
  isErrorValue,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionsIn } from '../../program/index.js';

/** The functions of the core that look at an ops table before they take it. */
const checks = {
  exporter: { functions: functionsWithRole('export'), tag: exporterOpsTag },
  importer: { functions: attachFunctions, tag: importerOpsTag },
} as const;

/**
 * Whether the core refuses an ops table.
 * @param isSet whether the table has a member
 * @returns null where the core's function, or its tests, are not in the tree
 */
export function coreRefuses(
  codebase: Codebase,
  side: keyof typeof checks,
  isSet: (member: string) => boolean,
): boolean | null {
  const { tests, isTable } = codebase.memory.recall(`core-refusals\0${side}`, () => readChecks(codebase, side));
  if (tests.length === 0) return null;
  return tests.some((path) => path.every((test) => truthOf(test, { isTable, isSet }) === true));
}

interface CoreChecks {
  /** The conditions on which the function fails, as far as they ask for members of the table: those around each, and its own. */
  readonly tests: readonly (readonly Expression[])[];
  /** Whether an expression is the table. */
  readonly isTable: (expression: Expression) => boolean;
}

function readChecks(codebase: Codebase, side: keyof typeof checks): CoreChecks {
  const { functions, tag } = checks[side];
  const read = functionsIn(codebase.program, dmaBufCore)
    .filter(({ outline }) => functions.includes(outline.name))
    .map((ref) => readChecksIn(codebase, ref, tag));
  return read.find(({ tests }) => tests.length > 0) ?? { tests: [], isTable: () => false };
}

function readChecksIn(codebase: Codebase, ref: FunctionRef, tag: string): CoreChecks {
  const isTable = tableTest(codebase, ref, tag);
  return { tests: testsIn(codebase.program.lower(ref).body, isTable, []), isTable };
}

function testsIn(
  body: readonly Statement[],
  isTable: CoreChecks['isTable'],
  around: readonly Expression[],
): CoreChecks['tests'] {
  return body.flatMap((statement): CoreChecks['tests'] => {
    if (statement.kind === 'block') return testsIn(statement.body, isTable, around);
    if (statement.kind !== 'if') return [];
    const { test, then, otherwise } = statement;
    const path = [...around, test];
    if (returnsError(then)) return path.some((one) => asksForMember(one, isTable)) ? [path] : [];
    const not: Expression = { kind: 'unary', operator: '!', operand: test, at: test.at };
    return [...testsIn(then, isTable, path), ...testsIn(otherwise, isTable, [...around, not])];
  });
}

/** The names that are the table: a parameter or variable of its type, and `exp_info->ops`. */
function tableTest(codebase: Codebase, ref: FunctionRef, tag: string): CoreChecks['isTable'] {
  const unit = codebase.program.lower(ref);
  const names = new Set(unit.parameters.filter(({ type }) => type.includes(tag)).map(({ name }) => name));
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && statement.type.includes(tag)) names.add(statement.name);
  });
  return (expression) =>
    expression.kind === 'name'
      ? names.has(expression.name)
      : expression.kind === 'member' && expression.member === 'ops' && names.size === 0;
}

function returnsError(body: readonly Statement[]): boolean {
  return body.some((statement) =>
    statement.kind === 'block'
      ? returnsError(statement.body)
      : statement.kind === 'return' && isErrorValue(statement.value),
  );
}

function asksForMember(test: Expression, isTable: CoreChecks['isTable']): boolean {
  if (test.kind === 'member') return isTable(test.object);
  return operandsOf(test).some((operand) => asksForMember(operand, isTable));
}

function operandsOf(test: Expression): readonly Expression[] {
  if (test.kind === 'binary') return [test.left, test.right];
  if (test.kind === 'unary') return [test.operand];
  const inner = transparentArgument(test);
  return inner ? [inner] : [];
}

interface Question {
  readonly isTable: CoreChecks['isTable'];
  readonly isSet: (member: string) => boolean;
}

/** What a test is for a table; null where it depends on something else. */
function truthOf(test: Expression, question: Question): boolean | null {
  if (question.isTable(test)) return true;
  if (test.kind === 'member') return question.isTable(test.object) ? question.isSet(test.member) : null;
  if (test.kind === 'unary' && test.operator === '!') return not(truthOf(test.operand, question));
  if (test.kind === 'binary')
    return combine(test.operator, truthOf(test.left, question), truthOf(test.right, question));
  const inner = transparentArgument(test);
  return inner ? truthOf(inner, question) : null;
}

function not(truth: boolean | null): boolean | null {
  return truth === null ? null : !truth;
}

function combine(operator: string, left: boolean | null, right: boolean | null): boolean | null {
  switch (operator) {
    case '&&':
      return left === false || right === false ? false : left === null || right === null ? null : true;
    case '||':
      return left === true || right === true ? true : left === null || right === null ? null : false;
    case '==':
    case '!=':
      return left === null || right === null ? null : (left === right) === (operator === '==');
    default:
      return null;
  }
}
