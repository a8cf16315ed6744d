import { callsIn, type Expression, type FunctionUnit, type Statement, subexpressions } from '../../c/index.js';
import { unpinFunction } from '../../kernel/api.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { AttachmentLink, Attachments, AttachmentUse, UseKind } from '../attachments/attachments.js';
import type { Reach } from '../attachments/ops-at-attach.js';
import type { ImporterUse, PinVerdict } from '../model.js';

/** The pins or mappings that act on the attachments of one importer, given the ways its table reaches an attach. */
export function usesOf(
  codebase: Codebase,
  attachments: Attachments,
  reaches: readonly Reach[],
  kind: UseKind,
): readonly ImporterUse[] {
  return attachments.uses.flatMap((use): ImporterUse[] => {
    if (use.kind !== kind) return [];
    const links = use.links.filter((link) => reaches.some((reach) => concerns(link, reach)));
    const [first] = links;
    if (!first) return [];
    const via = links.some((link) => link.via === 'path') ? 'path' : 'field';
    return [
      { use, via, always: via === 'path' && isUnconditional(codebase, use, links), temporary: isUndone(codebase, use) },
    ];
  });
}

/** Whether an attachment that came this way can have been made with the ops that came that way. */
function concerns(link: AttachmentLink, reach: Reach): boolean {
  if (link.site.call.at !== reach.site.call.at || link.site.ref.path !== reach.site.ref.path) return false;
  if (link.via === 'field') return true;
  const inFrames = (ref: FunctionRef): boolean =>
    reach.frames.some((frame) => functionKey(frame.ref) === functionKey(ref));
  const naming = reach.frames.at(-1)?.ref;
  // Either the ops come from above through the function where both ways part, or they are named on the way down from it.
  return (
    inFrames(link.meet) || (naming !== undefined && link.chain.some((ref) => functionKey(ref) === functionKey(naming)))
  );
}

/** `always` where each way that the table reaches an attach is pinned without condition. */
export function pinVerdict(reaches: readonly Reach[], pins: readonly ImporterUse[]): PinVerdict {
  if (pins.length === 0) return 'never';
  const lasting = pins.filter((pin) => pin.always && !pin.temporary);
  const covered = reaches.every((reach) => lasting.some((pin) => pin.use.links.some((link) => concerns(link, reach))));
  return reaches.length > 0 && covered ? 'always' : 'sometimes';
}

function isUnconditional(codebase: Codebase, use: AttachmentUse, links: readonly AttachmentLink[]): boolean {
  if (isGuarded(use.around)) return false;
  const unit = codebase.program.lower(use.ref);
  return links.every((link) => {
    if (functionKey(link.meet) === functionKey(use.ref))
      return !leavesBefore(unit, acquiredAt(codebase, link), use.call.at, use.statement);
    // The pin is in a function that the attaching one calls: that call must be unconditional too.
    const meet = codebase.program.lower(link.meet);
    const into = callsIn(meet.body).find((call) => call.name === use.ref.outline.name);
    return (
      into === undefined ||
      (!isGuarded(into.around) && !leavesBefore(meet, acquiredAt(codebase, link), into.call.at, into.statement))
    );
  });
}

/** Offset, in the function where both ways meet, from which the attachment is there. */
function acquiredAt(codebase: Codebase, link: AttachmentLink): number {
  const next = link.chain[1];
  if (!next) return link.site.call.at;
  const meet = codebase.program.lower(link.meet);
  return callsIn(meet.body).find((call) => call.name === next.outline.name)?.call.at ?? 0;
}

/** Whether a statement stands under a condition, in a loop, or in a variant that not every build has. */
function isGuarded(around: readonly Statement[]): boolean {
  return around.some(
    (statement) => ['if', 'while', 'for', 'switch', 'variants'].includes(statement.kind) || isLoop(statement),
  );
}

function isLoop(statement: Statement): boolean {
  return statement.kind === 'macro-block' && /for_each|foreach/i.test(statement.macro);
}

const errorName = /^(?:ret|rc|r|err|error|status|result|res)\w*$/;

/** Whether the function may return in success between two offsets: behind a test that is no error check. */
function leavesBefore(unit: FunctionUnit, from: number, to: number, itself: Statement): boolean {
  return unit.body.some((statement) => {
    // `if (dma_buf_pin(a)) return …;` is the pin.
    if (statement.kind !== 'if' || statement === itself || statement.at < from || statement.at > to) return false;
    return !isErrorTest(statement.test) && hasReturn(statement.then) && statement.otherwise.length === 0;
  });
}

function hasReturn(body: readonly Statement[]): boolean {
  return body.some((statement) => statement.kind === 'return');
}

/** `if (ret)`, `if (ret < 0)`, `if (IS_ERR(x))`, `if (!x)`, and those in `unlikely()` or joined by `||`. */
function isErrorTest(test: Expression): boolean {
  if (test.kind === 'name') return errorName.test(test.name);
  if (test.kind === 'unary' && test.operator === '!') return true;
  if (test.kind === 'call') {
    const name = test.callee.kind === 'name' ? test.callee.name : '';
    return (
      /^(IS_ERR|IS_ERR_OR_NULL|WARN_ON|WARN_ON_ONCE)$/.test(name) ||
      (/likely$/.test(name) && test.arguments.some(isErrorTest)) ||
      test.arguments.length === 0
    );
  }
  if (test.kind === 'assignment') return errorName.test(test.target.kind === 'name' ? test.target.name : '');
  if (test.kind === 'binary') return subexpressions(test).some(isErrorTest);
  return false;
}

/** Whether the same function unpins again on its way to success: not under a condition, and not behind a label. */
function isUndone(codebase: Codebase, use: AttachmentUse): boolean {
  const unit = codebase.program.lower(use.ref);
  const firstLabel =
    unit.body.find((statement) => statement.kind === 'label' && statement.at > use.call.at)?.at ??
    Number.POSITIVE_INFINITY;
  return callsIn(unit.body).some(
    ({ name, call, around }) =>
      name === unpinFunction && call.at > use.call.at && call.at < firstLabel && !isGuarded(around),
  );
}
