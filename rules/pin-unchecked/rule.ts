import { type Expression, type FunctionUnit, visitExpressions } from '../../src/c/index.js';
import type { AttachmentUse } from '../../src/contract/index.js';
import { stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'pin-unchecked',
  group: 'importer',
  severity: 'warning',
  *check({ uses, world }) {
    for (const use of uses) {
      if (use.kind !== 'pin' || !isDropped(use, world.program.lower(use.ref))) continue;
      const [link] = use.links;
      yield {
        path: use.ref.path,
        at: use.call.at,
        subject: use.ref.outline.name,
        confidence: 'high',
        message: `result of ${use.name}() is dropped: where the pin fails, the buffer is used as if it could not move`,
        trace: link ? [stepAt(world, link.site.ref.path, link.site.call.at, `attached here by ${link.site.place.function}()`)] : [],
      };
    }
  },
});

/** The call is a statement of its own, cast to void, or kept in a variable that is never read. */
function isDropped({ call, statement }: AttachmentUse, unit: FunctionUnit): boolean {
  if (statement.kind === 'declaration' && statement.value === call) return !isRead(unit, statement.name);
  if (statement.kind !== 'expression') return false;
  const { expression } = statement;
  if (withoutCast(expression) === call) return true;
  return expression.kind === 'assignment' && expression.value === call && expression.target.kind === 'name' && !isRead(unit, expression.target.name);
}

function withoutCast(expression: Expression): Expression {
  return expression.kind === 'cast' ? withoutCast(expression.operand) : expression;
}

function isRead(unit: FunctionUnit, name: string): boolean {
  const written = new Set<Expression>();
  let read = false;
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && expression.operator === '=') written.add(expression.target);
    if (expression.kind === 'name' && expression.name === name && !written.has(expression)) read = true;
  });
  return read;
}
