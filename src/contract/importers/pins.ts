// Which pins and mappings does an importer make, and does it pin on every path?

import { callsIn, type Expression, type FunctionUnit, type Statement, subexpressions } from '../../c/index.js';
import { isFailureTest, isHint, isResultVariable, roleOf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { Attachments } from '../attachments/attachments.js';
import type { AttachmentLink, AttachmentUse, AttachPath, UseKind } from '../model/attachment.js';
import type { ImporterUse, PinVerdict } from '../model/importer.js';

/**
 * Returns the pins or mappings of the attachments that one importer made.
 * @param attachPaths those of its table
 */
export function usesOf(
  codebase: Codebase,
  attachments: Attachments,
  attachPaths: readonly AttachPath[],
  kind: UseKind,
): readonly ImporterUse[] {
  return attachments.uses.flatMap((use): ImporterUse[] => {
    if (use.kind !== kind) return [];
    const links = use.links.filter((link) => attachPaths.some((path) => concerns(link, path)));
    const [first] = links;
    if (!first) return [];
    const via = links.some((link) => link.via === 'path') ? 'path' : 'field';
    return [
      { use, via, always: via === 'path' && isUnconditional(codebase, use, links), temporary: isUndone(codebase, use) },
    ];
  });
}

/** Whether an attachment with this link can have been made with the ops of this attach path. */
function concerns(link: AttachmentLink, path: AttachPath): boolean {
  if (link.site.call.at !== path.site.call.at || link.site.ref.path !== path.site.ref.path) return false;
  if (link.via === 'field') return true;
  const inFrames = (ref: FunctionRef): boolean =>
    path.frames.some((frame) => functionKey(frame.ref) === functionKey(ref));
  const naming = path.frames.at(-1)?.ref;
  // Either the ops come from above through the common caller, or a function on the chain below it names them.
  return (
    inFrames(link.commonCaller) ||
    (naming !== undefined && link.chain.some((ref) => functionKey(ref) === functionKey(naming)))
  );
}

/** Returns `always` where every attach path of the table has an unconditional pin that lasts. */
export function pinVerdict(attachPaths: readonly AttachPath[], pins: readonly ImporterUse[]): PinVerdict {
  if (pins.length === 0) return 'never';
  const lasting = pins.filter((pin) => pin.always && !pin.temporary);
  const covered = attachPaths.every((path) =>
    lasting.some((pin) => pin.use.links.some((link) => concerns(link, path))),
  );
  return attachPaths.length > 0 && covered ? 'always' : 'sometimes';
}

function isUnconditional(codebase: Codebase, use: AttachmentUse, links: readonly AttachmentLink[]): boolean {
  if (isGuarded(use.around)) return false;
  const unit = codebase.program.lower(use.ref);
  return links.every((link) => {
    if (functionKey(link.commonCaller) === functionKey(use.ref))
      return !leavesBefore(unit, acquiredAt(codebase, link), use.call.at, use.statement);
    // The pin is in a function below the common caller: the call that leads there must be unconditional too.
    const caller = codebase.program.lower(link.commonCaller);
    const into = callsIn(caller.body).find((call) => call.name === use.ref.outline.name);
    return (
      into === undefined ||
      (!isGuarded(into.around) && !leavesBefore(caller, acquiredAt(codebase, link), into.call.at, into.statement))
    );
  });
}

/** Offset in the common caller at which the attachment exists. */
function acquiredAt(codebase: Codebase, link: AttachmentLink): number {
  const next = link.chain[1];
  if (!next) return link.site.call.at;
  const caller = codebase.program.lower(link.commonCaller);
  return callsIn(caller.body).find((call) => call.name === next.outline.name)?.call.at ?? 0;
}

/** Whether a statement stands under a condition, in a loop, or in an `#if` branch. */
function isGuarded(around: readonly Statement[]): boolean {
  return around.some(
    (statement) => ['if', 'while', 'for', 'switch', 'variants'].includes(statement.kind) || isIteration(statement),
  );
}

/** Whether a macro with a body may run its body zero times: drm_exec_until_all_locked() runs it once at least. */
function isIteration(statement: Statement): boolean {
  return statement.kind === 'macro-block' && /for_each|foreach/i.test(statement.macro);
}

/** Whether the function may return with success between two offsets: under a test that is no error check. */
function leavesBefore(unit: FunctionUnit, from: number, to: number, itself: Statement): boolean {
  return unit.body.some((statement) => {
    // `if (dma_buf_pin(a)) return …;` is the pin itself.
    if (statement.kind !== 'if' || statement === itself || statement.at < from || statement.at > to) return false;
    return !isErrorTest(statement.test) && hasReturn(statement.then) && statement.otherwise.length === 0;
  });
}

function hasReturn(body: readonly Statement[]): boolean {
  return body.some((statement) => statement.kind === 'return');
}

/** Whether a test checks for an error: `ret`, `ret < 0`, `IS_ERR(x)`, `!x`, also in `unlikely()` or joined by `||`. */
function isErrorTest(test: Expression): boolean {
  if (test.kind === 'name') return isResultVariable(test.name);
  if (test.kind === 'unary' && test.operator === '!') return true;
  if (test.kind === 'call') {
    const name = test.callee.kind === 'name' ? test.callee.name : '';
    return isFailureTest(name) || (isHint(name) && test.arguments.some(isErrorTest)) || test.arguments.length === 0;
  }
  if (test.kind === 'assignment') return isResultVariable(test.target.kind === 'name' ? test.target.name : '');
  if (test.kind === 'binary') return subexpressions(test).some(isErrorTest);
  return false;
}

/** Whether the same function unpins again on success: under no condition, and not after a label. */
function isUndone(codebase: Codebase, use: AttachmentUse): boolean {
  const unit = codebase.program.lower(use.ref);
  const firstLabel =
    unit.body.find((statement) => statement.kind === 'label' && statement.at > use.call.at)?.at ??
    Number.POSITIVE_INFINITY;
  return callsIn(unit.body).some(
    ({ name, call, around }) =>
      name !== null && roleOf(name) === 'unpin' && call.at > use.call.at && call.at < firstLabel && !isGuarded(around),
  );
}
