import assert from 'node:assert/strict';
import { lowerFunction } from '../../c/lower/lower.js';
import { outlineFile } from '../../c/outline/outline.js';
import { treeAttributeWords } from '../../c/prepare/attributes.js';
import type { FunctionUnit } from '../../c/unit.js';

const attributes = treeAttributeWords(() => undefined, []);

/** Lowers the first function of a text. */
export function lowered(text: string): FunctionUnit {
  const file = outlineFile('drivers/example/example.c', text, attributes);
  const [outline] = file.unit.functions;
  assert.ok(outline, 'no function');
  return lowerFunction(file, outline, attributes);
}

/** The body of `void f(void) { … }`, all of it parsed, without offsets. */
export function loweredBody(text: string): unknown {
  const unit = lowered(`void f(void)\n{\n${text}\n}\n`);
  assert.deepEqual(unit.unparsed, []);
  return withoutOffsets(unit.body);
}

/** Statements or expressions as plain data without offsets, to compare them with those below. */
export function withoutOffsets(lowered: object): ReturnType<typeof JSON.parse> {
  return JSON.parse(JSON.stringify(lowered, (key, value) => (key === 'at' || key === 'end' ? undefined : value)));
}

/** The expression `text`. */
export const name = (text: string) => ({ kind: 'name', name: text });
export const literal = (text: string) => ({ kind: 'literal', text });
/** The expression `text(words…)`. */
export const call = (text: string, ...words: readonly string[]) => ({
  kind: 'call',
  callee: name(text),
  arguments: words.map(name),
});
/** The statement `text(words…);`. */
export const run = (text: string, ...words: readonly string[]) => ({
  kind: 'expression',
  expression: call(text, ...words),
});
