import { type Expression, type FunctionUnit, visitStatements } from '../../c/index.js';
import type { Codebase } from '../../program/index.js';
import type { CallSite } from '../calls/call-site.js';
import { objectOfFile } from '../state/files.js';
import type { State } from '../state/state.js';
import type { Value } from '../state/value.js';

/**
 * The dma-buf of `fd_install(fd, buf->file)` and similar calls, if only its declaration says that it is one: it came
 * from a call that cannot be followed.
 * @param index the argument that is the file, 0-based
 */
export function declaredBuffer(
  { engine, call, frame }: CallSite,
  file: Value,
  state: State,
  index = 1,
): Value | undefined {
  const argument = call.arguments.at(index);
  if (argument?.kind !== 'member' || tagOf(engine.codebase, frame.unit, argument.object) !== 'dma_buf')
    return undefined;
  return objectOfFile(state, file);
}

/** The tag of the struct that an expression points to, as declared: `dma_buf` of `struct dma_buf *buf`. */
function tagOf(codebase: Codebase, unit: FunctionUnit, expression: Expression): string | undefined {
  if (expression.kind === 'name') {
    let type = unit.parameters.find(({ name }) => name === expression.name)?.type;
    visitStatements(unit.body, (statement) => {
      if (statement.kind === 'declaration' && statement.name === expression.name) type ??= statement.type;
    });
    return tagIn(type);
  }
  if (expression.kind !== 'member') return undefined;
  const owner = tagOf(codebase, unit, expression.object);
  const struct = owner === undefined ? null : codebase.definitions.struct(owner, unit.path);
  return tagIn(struct?.fields.get(expression.member));
}

function tagIn(type: string | undefined): string | undefined {
  return /\bstruct\s+(\w+)/.exec(type ?? '')?.[1];
}
