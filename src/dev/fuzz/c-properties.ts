import assert from 'node:assert/strict';
import { rules } from '../../../rules/index.js';
import {
  type AttributeWords,
  kernelMacros,
  maskText,
  outlineFile,
  type SourceFile,
  treeAttributeWords,
} from '../../c/index.js';
import { docComments, writeDocComment } from '../../c/outline/doc-comment.js';
import { expressionValue } from '../../c/prepare/condition-value.js';
import { nearestName } from '../../lint/config/nearest.js';
import { plainCode } from '../../lint/suppression/plain-code.js';
import { readSuppressions } from '../../lint/suppression/suppression-comments.js';
import { mutatedLittle } from './fuzz-inputs.js';
import { type FuzzProperty, pureProperty } from './fuzz-property.js';

const attributes: AttributeWords = treeAttributeWords(() => undefined, []);
const ids = rules.map(({ id }) => id);

const sources: readonly string[] = [
  '#include <linux/dma-buf.h>\n\nstatic int __init ex(struct dma_buf *b, int n)\n{\n\tif (n)\n\t\treturn -EINVAL;\n\treturn dma_buf_pin(b);\n}\nEXPORT_SYMBOL_GPL(ex);\n',
  '#ifdef CONFIG_X\nstruct a {\n\tint x, *y[3];\n\tunion { int u; };\n};\n#else\nenum e { A, B = 2 };\n#endif\nstatic const struct dma_buf_ops ops = {\n\t.pin = ex_pin,\n\t.unpin = ex_unpin,\n};\n',
  '#define for_each_x(p, l) \\\n\tfor (p = (l); p; p = p->next)\n#undef A\n#if defined(A) && A(1) > 2 || LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)\nint f(void);\n#elif 0x10ULL\n#endif\nDEFINE_MUTEX(m);\nint (*fp)(int, char *) = NULL;\n',
];
const words = [
  '__init ',
  'static ',
  'struct ',
  'constructor',
  '__proto__',
  '->',
  '...',
  '#define ',
  '#if ',
  '??/\n',
  ',',
];

/** Blanks stand for what is no code: same length, same newlines, and every place lies within the text. */
function checkMask(text: string): void {
  const { code, comments, includes, macros, conditionals } = maskText(text);
  assert.equal(code.length, text.length);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) assert.equal(code[at], '\n');
  let last = 0;
  for (const { start, end } of comments) {
    assert.ok(start < end && end <= text.length);
    assert.match(text.slice(start, start + 2), /\/[*/]/);
  }
  for (const { start, end } of conditionals) {
    assert.ok(last <= start && start < end && end <= text.length);
    last = end;
  }
  for (const { at } of [...includes, ...macros]) assert.ok(at >= 0 && at < text.length);
}

function outlined(text: string): SourceFile {
  return outlineFile('drivers/fuzz.c', text, attributes, kernelMacros([7, 3, 0]));
}

/** An outline lies within the text, and is the same when it has been sent to another process. */
function checkOutline(text: string): void {
  const { unit, code } = outlined(text);
  assert.equal(code.length, text.length);
  assert.deepEqual(JSON.parse(JSON.stringify(unit)), unit);
  for (const { start, end } of unit.comments) assert.ok(start < end && end <= text.length);
}

const comments: readonly string[] = [
  '/* dmabuf-lint: ignore pin-leak, map-leak -- the core\n * releases it */\nint x;\n',
  'int f(void)\n{\n\t// dmabuf-lint: ignore pin-leak -- why not\n\tg();\n}\n',
  '/**\n * dma_buf_pin - pins a buffer\n * @attach: [in] the attachment\n *\n * DOC: more\n * Return: 0\n */\nint dma_buf_pin(int a);\n/** @pin: x */\n',
];

/** Each suppression names a rule that exists and a reason, and lies in the text. */
function checkSuppressions(text: string): void {
  const known = { suppressible: ids, unsuppressible: ['unused-suppression'] };
  const { valid, invalid } = readSuppressions('a.c', outlined(text), known);
  for (const { rule, reason, at } of valid) {
    assert.ok(ids.includes(rule) && reason !== '');
    assert.equal(text.slice(at, at + rule.length), rule);
  }
  for (const { at } of invalid) assert.ok(at >= 0 && at <= text.length);
  assert.doesNotMatch(plainCode(text), /\n/);
}

/** A kernel-doc comment is a comment of the text; written again with the same lines it is read the same. */
function checkDocComments(text: string): void {
  for (const { start, end, indent, lines, subject } of docComments(text)) {
    assert.ok(text.startsWith('/**', start) && text.endsWith('*/', end) === text.slice(0, end).endsWith('*/'));
    assert.ok(lines.every((line) => !line.includes('\n') && line === line.trimEnd()));
    assert.notEqual(subject, '');
    assert.ok(!indent.includes('\n'));
    const again = writeDocComment('', lines);
    assert.equal(docComments(again)[0]?.subject, subject);
  }
}

const macros = kernelMacros([7, 3, 0]).macros;
const conditions: readonly string[] = [
  'defined(A) && !defined B || (1 ? 2 : 3) << 4 == 0x10UL',
  'LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0) && IS_ENABLED(CONFIG_X)',
  "-1 - ~2 * 3 / 0 % 5 > 'a'",
];
const operators = [
  '(',
  ')',
  '&&',
  '||',
  '?',
  ':',
  '<<',
  '>>',
  '/',
  '%',
  'defined',
  '0x',
  '1e9',
  '~',
  '!',
  'KERNEL_VERSION(9,9,9)',
];

function checkCondition(text: string): void {
  const value = expressionValue(text, macros);
  assert.ok(value === null || typeof value === 'number');
}

function checkNearest(text: string): void {
  const near = nearestName(text, ids);
  assert.ok(near === undefined || ids.includes(near));
}

export const cProperties: readonly FuzzProperty[] = [
  pureProperty('C of any shape is masked', 8000, mutatedLittle(sources, words), checkMask),
  pureProperty('C of any shape is outlined', 5000, mutatedLittle(sources, words), checkOutline),
  pureProperty('suppression comments of any shape are read', 6000, mutatedLittle(comments, ids), checkSuppressions),
  pureProperty(
    'kernel-doc of any shape is read',
    6000,
    mutatedLittle(comments, ['/**', ' * ', '@a:']),
    checkDocComments,
  ),
  pureProperty('conditions of any shape are decided', 6000, mutatedLittle(conditions, operators), checkCondition),
  pureProperty('words of any shape have a nearest one, or none', 3000, mutatedLittle(ids), checkNearest),
];
