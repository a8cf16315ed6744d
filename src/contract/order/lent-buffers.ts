// Does an importer keep the attachment to a buffer that it is only lent?

import { type CallExpression, callsIn, type Expression, type FunctionUnit, visitExpressions } from '../../c/index.js';
import {
  apiRow,
  declaresBuffer,
  isBorrower,
  isFailureTest,
  isHarmless,
  lenderOf,
  referenceFunctions,
} from '../../kernel/index.js';
import { type Codebase, originsOf } from '../../program/index.js';
import { eventsInOrder } from '../calls/calls-in-order.js';
import type { AttachSite } from '../model/attachment.js';
import { rootOf } from '../owners/members.js';
import { holdersOf, isOf, leads } from './ways-to-success.js';

/** How deep a function that takes the reference may stand in what the importer calls. */
const depth = 3;

/**
 * Returns the function that lends the buffer of an attach, where the importer succeeds with the attachment kept, and neither
 * it nor what it calls takes a reference; undefined where that is not known.
 */
export function lentBy(codebase: Codebase, { ref, call }: AttachSite): string | undefined {
  const { returnType, parameters } = ref.outline;
  const lender = lenderOf(
    returnType,
    parameters.map(({ type }) => type),
  );
  const [buffer] = call.arguments;
  if (lender === undefined || !buffer) return undefined;
  // A helper of the function that is lent the buffer leaves the reference to that.
  if (codebase.references.callersOf(ref).length > 0 && codebase.references.slotsOf(ref).length === 0) return undefined;
  const unit = codebase.program.lower(ref);
  const isLent = (value: Expression): boolean => isBufferParameter(unit, value);
  const references = new Set(referenceFunctions('ref'));
  if (callsIn(unit.body).some(({ name }) => references.has(name ?? ''))) return undefined;
  if (!isLent(buffer) || !leads(codebase, unit, call, null, null)) return undefined;
  const events = eventsInOrder(codebase, ref, -1, { depth, isGoal: (name) => references.has(name) });
  if (events.some(({ name }) => references.has(name))) return undefined;
  const unseen = new Set(events.flatMap(({ isOpaque, point, chain }) => (isOpaque && !chain.length ? [point.at] : [])));
  return unseen.size > 0 && isHandedOver(unit, { call, isLent, unseen }) ? undefined : lender;
}

function isBufferParameter(unit: FunctionUnit, value: Expression): boolean {
  const origins = originsOf(unit, value);
  return (
    origins.length > 0 &&
    origins.every(
      (origin) =>
        origin.kind === 'parameter' &&
        origin.path.length === 0 &&
        declaresBuffer(unit.parameters[origin.index]?.type ?? ''),
    )
  );
}

interface Kept {
  /** The attach. */
  readonly call: CallExpression;
  readonly isLent: (value: Expression) => boolean;
  /** The offsets of the calls that cannot be followed. */
  readonly unseen: ReadonlySet<number>;
}

/** Whether code that cannot be seen gets the buffer, the attachment, or the structure that has it by then. */
function isHandedOver(unit: FunctionUnit, { call: attach, isLent, unseen }: Kept): boolean {
  const holders = holdersOf(unit, attach);
  let storedAt = Number.POSITIVE_INFINITY;
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
    if (isOf(unit, expression.value, attach) || isLent(expression.value)) storedAt = Math.min(storedAt, expression.at);
  });
  return callsIn(unit.body).some(({ call, name }) => {
    if (!unseen.has(call.at)) return false;
    if (name !== null && (apiRow(name) || isHarmless(name) || isFailureTest(name) || isBorrower(name))) return false;
    return call.arguments.some(
      (argument) =>
        isLent(argument) || isOf(unit, argument, attach) || (call.at > storedAt && holders.has(rootOf(argument) ?? '')),
    );
  });
}
