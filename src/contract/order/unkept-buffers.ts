// Does an importer put its only reference to a buffer while the attachment lives on?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  isLoop,
  type Statement,
  visitStatements,
} from '../../c/index.js';
import { expansionsOf, freeActionsFor, graphOf, nodeOfCall } from '../../flow/index.js';
import {
  apiRow,
  dmaBufCore,
  isFailureTest,
  isHarmless,
  returnPointer,
  roleOf,
  takers,
  takesFile,
} from '../../kernel/index.js';
import { type Codebase, originsOf } from '../../program/index.js';
import type { AttachSite } from '../model/attachment.js';
import type { UnkeptBuffer } from '../model/importer.js';
import { lentBy } from './lent-buffers.js';
import { isOf, isStored, leads } from './ways-to-success.js';

/**
 * Finds the attaches to a buffer that the function itself got, whose attachment a structure keeps, and after which the
 * function puts the buffer on its way to success; and those to a buffer that the function is only lent. An attachment holds
 * no reference on its buffer.
 */
export function findUnkeptBuffers(codebase: Codebase, sites: readonly AttachSite[]): readonly UnkeptBuffer[] {
  return sites.flatMap((site): readonly UnkeptBuffer[] => {
    if (site.ref.path === dmaBufCore) return [];
    const unit = codebase.program.lower(site.ref);
    const [buffer] = site.call.arguments;
    const lender = lentBy(codebase, site);
    if (lender !== undefined) return [{ kind: 'lent', site, lender }];
    const got = buffer ? gotBy(unit, buffer) : undefined;
    if (!got || mayKeepOtherwise(unit, got) || !isStored(unit, site.call)) return [];
    const put = callsIn(unit.body).find(
      ({ call, name }) =>
        name !== null &&
        roleOf(name) === 'put' &&
        isOf(unit, call.arguments[0], got) &&
        !areStates(unit, site.call, call) &&
        leads(codebase, unit, site.call, got, nodeOfCall(graphOf(unit), call)),
    );
    if (put) return [{ kind: 'put', site, at: put.call.at, gotAt: got.at }];
    const scoped = putByScope(codebase, unit, got);
    return scoped !== undefined && leads(codebase, unit, site.call, got, null)
      ? [{ kind: 'put', site, at: scoped, gotAt: got.at }]
      : [];
  });
}

/** Whether two calls stand in the cases of one switch in a loop: which case follows which, the state decides. */
function areStates({ body }: FunctionUnit, ...calls: readonly CallExpression[]): boolean {
  let found = false;
  const has = (part: Statement): boolean => calls.every(({ at }) => callsIn([part]).some(({ call }) => call.at === at));
  visitStatements(body, (loop) => {
    if (!isLoop(loop) || !has(loop)) return;
    visitStatements([loop], (part) => {
      found ||= part.kind === 'switch' && has(part);
    });
  });
  return found;
}

/** Offset of the variable with `__free()` that gets the buffer and puts it when its scope ends, where nothing takes it out. */
function putByScope(codebase: Codebase, unit: FunctionUnit, got: CallExpression): number | undefined {
  const { freeActions } = expansionsOf(codebase);
  let at: number | undefined;
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'declaration' || statement.cleanup === null || statement.value?.at !== got.at) return;
    const actions = freeActionsFor(freeActions.get(statement.cleanup) ?? [], unit.path);
    const isTaken = callsIn(unit.body).some(
      ({ name, call }) =>
        (takers.has(name ?? '') || name === returnPointer) && isNamed(call.arguments[0], statement.name),
    );
    if (actions.some(({ name }) => roleOf(name) === 'put') && !isTaken) at = statement.at;
  });
  return at;
}

const isNamed = (value: Expression | undefined, name: string): boolean => value?.kind === 'name' && value.name === name;

/** The call that looks the buffer up by its descriptor, where it can come from nowhere else. */
function gotBy(unit: FunctionUnit, buffer: Expression): CallExpression | undefined {
  const [origin, ...others] = originsOf(unit, buffer);
  if (origin?.kind !== 'call' || others.length > 0 || origin.path.length > 0) return undefined;
  const { callee } = origin.call;
  return callee.kind === 'name' && roleOf(callee.name) === 'get' ? origin.call : undefined;
}

/** Whether the function takes another reference to the buffer or its file, or passes the buffer to code that may do so. */
function mayKeepOtherwise(unit: FunctionUnit, got: CallExpression): boolean {
  return callsIn(unit.body).some(({ call, name }) => {
    if (name !== null && (roleOf(name) === 'ref' || takesFile(name))) return true;
    if (name !== null && (apiRow(name) || isHarmless(name) || isFailureTest(name))) return false;
    return call.arguments.some((argument) => isOf(unit, argument, got));
  });
}
