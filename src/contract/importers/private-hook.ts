// Does an importer take the buffers of some exporters only, which it asks by functions of theirs?

import { type CallExpression, callsIn, type Expression, visitStatements } from '../../c/index.js';
import { apiRow, dmaBufCore } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, originsOf } from '../../program/index.js';
import { fails } from '../exporters/error-paths.js';
import type { AttachPath } from '../model/attachment.js';
import type { PrivateHook } from '../model/importer.js';
import { stepAt, type TraceStep } from '../places.js';

/** The functions of exporters are looked for this many calls deep. */
const deepestHook = 2;

/**
 * Returns the hook of an importer that never maps. After the attach it calls a function with the attachment, and leaves
 * where that fails; and what this function calls fails for every `ops` but one of its own.
 */
export function privateHookOf(codebase: Codebase, attachPaths: readonly AttachPath[]): PrivateHook | null {
  for (const { site } of attachPaths)
    for (const { call, name } of callsIn(codebase.program.lower(site.ref).body)) {
      if (name === null || call.at < site.call.end || apiRow(name) || !passes(codebase, site.ref, call, site.call))
        continue;
      const target = codebase.definitions.find(name, site.ref.path);
      if (!target || !leavesOnFailure(codebase, site.ref, call)) continue;
      const found = comparisonsBelow(codebase, target, deepestHook, new Set());
      const first = stepAt(codebase, site.ref.path, call.at, `${site.ref.outline.name}() needs ${name}() to succeed`);
      if (found.length > 0)
        return { accepted: found.map(({ ops }) => ops), trace: [first, ...found.map(({ step }) => step)] };
    }
  return null;
}

/** Whether a call gets the attachment that an attach returned. */
function passes(codebase: Codebase, ref: FunctionRef, call: CallExpression, attach: CallExpression): boolean {
  const unit = codebase.program.lower(ref);
  return call.arguments.some((argument) => {
    const origins = originsOf(unit, argument);
    return origins.some((origin) => origin.kind === 'call' && origin.call.at === attach.at && origin.path.length === 0);
  });
}

/** Whether the statement after a call is a test of its result that leaves: `rc = f(a); if (rc) goto out;`. */
function leavesOnFailure(codebase: Codebase, ref: FunctionRef, call: CallExpression): boolean {
  const { body } = codebase.program.lower(ref);
  let leaves = false;
  let kept: string | null = null;
  visitStatements(body, (statement) => {
    if (kept !== null && statement.kind === 'if') {
      if (statement.test.kind === 'name' && statement.test.name === kept && fails(statement.then)) leaves = true;
      kept = null;
    }
    const value = statement.kind === 'expression' ? statement.expression : null;
    if (value?.kind === 'assignment' && value.value === call && value.target.kind === 'name') kept = value.target.name;
  });
  return leaves;
}

interface Comparison {
  readonly ops: string;
  readonly step: TraceStep;
}

/** The comparisons of a buffer's ops with a table, by which a function, or one that it names, refuses all others. */
function comparisonsBelow(
  codebase: Codebase,
  ref: FunctionRef,
  depth: number,
  seen: Set<string>,
): readonly Comparison[] {
  if (seen.has(functionKey(ref)) || ref.path === dmaBufCore) return [];
  seen.add(functionKey(ref));
  const { body } = codebase.program.lower(ref);
  const found: Comparison[] = [];
  visitStatements(body, (statement) => {
    const ops = statement.kind === 'if' && fails(statement.then) ? refusedUnless(statement.test) : null;
    if (ops !== null)
      found.push({
        ops,
        step: stepAt(
          codebase,
          ref.path,
          statement.at,
          `${ref.outline.name}() refuses all buffers but those of '${ops}'`,
        ),
      });
  });
  if (found.length > 0 || depth === 0) return found;
  return namesIn(body).flatMap((name) => {
    const target = codebase.definitions.find(name, ref.path);
    return target ? comparisonsBelow(codebase, target, depth - 1, seen) : [];
  });
}

/** The table of `x->ops != &table`. */
function refusedUnless(test: Expression): string | null {
  if (test.kind !== 'binary' || test.operator !== '!=') return null;
  const { left, right } = test;
  const isOps = left.kind === 'member' && left.member === 'ops';
  return isOps && right.kind === 'unary' && right.operator === '&' && right.operand.kind === 'name'
    ? right.operand.name
    : null;
}

/** The functions that a body calls, or passes by name: `symbol_get(f)`. */
function namesIn(body: Parameters<typeof callsIn>[0]): readonly string[] {
  return callsIn(body).flatMap(({ name, call }) => [
    ...(name === null ? [] : [name]),
    ...call.arguments.flatMap((argument) => (argument.kind === 'name' ? [argument.name] : [])),
  ]);
}
