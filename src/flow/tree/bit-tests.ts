// Which functions only tell whether a word has some bits? `static inline bool ex_has(u32 word, u32 bits)`.

import { visitExpressions } from '../../c/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';

/** What such a function is made of, beside its parameters. */
const kinds: ReadonlySet<string> = new Set(['binary', 'unary', 'cast', 'name', 'literal']);

/** Whether a function returns what `&` makes of its parameters, and does nothing else. */
export function isBitTest(codebase: Codebase, ref: FunctionRef): boolean {
  if (ref.outline.returnType.includes('*') || ref.outline.parameters.length < 2) return false;
  return memoByFunction(
    codebase,
    ref,
    'is a test of bits',
    () => {
      const { body, parameters, unparsed } = codebase.program.lower(ref);
      const [only, ...others] = body;
      if (unparsed.length > 0 || others.length > 0 || only?.kind !== 'return' || !only.value) return false;
      const names = new Set(parameters.map(({ name }) => name));
      let [masks, isPlain] = [false, true];
      visitExpressions(body, (expression) => {
        isPlain &&= kinds.has(expression.kind);
        if (expression.kind === 'binary' && expression.operator === '&') masks = true;
        if (expression.kind === 'name') isPlain &&= names.has(expression.name);
      });
      return masks && isPlain;
    },
    plain(),
  );
}
