import { typeWords } from '../prepare/words.js';
import type { Expression, InitialiserEntry } from '../syntax.js';
import { at, type Lowering, nameOf, recordUnparsed, textOf, typeTextOf } from './lowering.js';
import { fieldOf, namedChildren, type SyntaxNode } from './parser.js';

type Lower = (node: SyntaxNode, context: Lowering) => Expression;

/** The nodes that may ask which kernel is built. */
const mayAskVersion: ReadonlySet<string> = new Set([
  'binary_expression',
  'unary_expression',
  'parenthesized_expression',
  'call_expression',
  'identifier',
]);

/** The expression of a node. What cannot be read is kept as text, and recorded in the context. */
export function lowerExpression(node: SyntaxNode, context: Lowering): Expression {
  const decided = mayAskVersion.has(node.type) ? context.version.valueOf(textOf(node, context)) : null;
  if (decided !== null) return { kind: 'literal', text: String(decided), at: at(node, context) };
  const lower = expressions[node.type];
  return lower ? lower(node, context) : unparsed(node, context);
}

function unparsed(node: SyntaxNode, context: Lowering): Expression {
  return { kind: 'unparsed', text: recordUnparsed(node, context), at: at(node, context) };
}

function lowerField(node: SyntaxNode, field: string, context: Lowering): Expression {
  const child = fieldOf(node, field);
  return child ? lowerExpression(child, context) : unparsed(node, context);
}

const lowerName: Lower = (node, context) => ({ kind: 'name', name: nameOf(node, context), at: at(node, context) });
const lowerLiteral: Lower = (node, context) => ({
  kind: 'literal',
  text: textOf(node, context),
  at: at(node, context),
});
const lowerType: Lower = (node, context) => ({ kind: 'type', text: textOf(node, context), at: at(node, context) });

const lowerUnary: Lower = (node, context) => ({
  kind: 'unary',
  operator: fieldOf(node, 'operator')?.type ?? node.children[0]?.type ?? '',
  operand: lowerField(node, 'argument', context),
  at: at(node, context),
});

const lowerUpdate: Lower = (node, context) => {
  const operator = node.children.find((child) => child.type === '++' || child.type === '--')?.type ?? '++';
  const operand = fieldOf(node, 'argument');
  if (operand && node.children[0]?.type !== operator) return lowerPostfix(operand, operator, context);
  return { kind: 'update', operator, operand: lowerField(node, 'argument', context), at: at(node, context) };
};

/** The name of the field that holds the operand, for each kind of node with a prefix operator. */
const prefixOperands: ReadonlyMap<string, string> = new Map([
  ['unary_expression', 'argument'],
  ['pointer_expression', 'argument'],
  ['cast_expression', 'value'],
]);

/** `!n--` and `*p++`: the postfix operator binds first. tree-sitter-c reads `(!n)--`. */
function lowerPostfix(node: SyntaxNode, operator: string, context: Lowering): Expression {
  const field = prefixOperands.get(node.type);
  const inner = field === undefined ? null : fieldOf(node, field);
  const outer = lowerExpression(node, context);
  if (inner && (outer.kind === 'unary' || outer.kind === 'cast'))
    return { ...outer, operand: lowerPostfix(inner, operator, context) };
  return { kind: 'update', operator, operand: outer, at: at(node, context) };
}

const lowerBinary: Lower = (node, context) => ({
  kind: 'binary',
  operator: fieldOf(node, 'operator')?.type ?? '',
  left: lowerField(node, 'left', context),
  right: lowerField(node, 'right', context),
  at: at(node, context),
});

const lowerCall: Lower = (node, context) => {
  const list = fieldOf(node, 'arguments');
  return {
    kind: 'call',
    callee: lowerField(node, 'function', context),
    arguments: (list?.children ?? []).flatMap((child, index, all) =>
      child.named && child.type !== 'comment' ? [lowerArgument(child, all[index - 1], all[index + 1], context)] : [],
    ),
    at: at(node, context),
    end: context.base + node.end,
  };
};

const typeText = new RegExp(`^(?:${typeWords.join('|')}|typeof)\\b`);

/** An argument of a call. Where the original text is a type, the preparation has replaced that by one word. */
function lowerArgument(
  node: SyntaxNode,
  before: SyntaxNode | undefined,
  after: SyntaxNode | undefined,
  context: Lowering,
): Expression {
  if (node.type === 'identifier') {
    const start = before?.end ?? node.start;
    const end = after?.start ?? node.end;
    const original = context.text.slice(context.base + start, context.base + end).trim();
    if (typeText.test(original)) return { kind: 'type', text: original.replace(/\s+/g, ' '), at: at(node, context) };
  }
  return lowerExpression(node, context);
}

const lowerParenthesized: Lower = (node, context) => {
  const [inner] = namedChildren(node);
  if (!inner) return unparsed(node, context);
  if (inner.type === 'compound_statement')
    return { kind: 'statements', body: context.lowerBlock(inner), at: at(node, context) };
  return lowerExpression(inner, context);
};

const lowerAssignment: Lower = (node, context) => ({
  kind: 'assignment',
  operator: fieldOf(node, 'operator')?.type ?? '=',
  target: lowerField(node, 'left', context),
  value: lowerField(node, 'right', context),
  at: at(node, context),
});

const lowerMember: Lower = (node, context) => ({
  kind: 'member',
  object: lowerField(node, 'argument', context),
  member: nameOf(fieldOf(node, 'field') ?? node, context),
  arrow: node.children.some((child) => child.type === '->'),
  at: at(node, context),
});

const lowerConditional: Lower = (node, context) => {
  const then = fieldOf(node, 'consequence');
  return {
    kind: 'conditional',
    test: lowerField(node, 'condition', context),
    // biome-ignore lint/suspicious/noThenProperty: the model calls a branch so
    then: then ? lowerExpression(then, context) : null, // `a ?: b`
    otherwise: lowerField(node, 'alternative', context),
    at: at(node, context),
  };
};

const lowerInitialiser: Lower = (node, context) => ({
  kind: 'initialiser',
  entries: namedChildren(node).map((child) => lowerEntry(child, context)),
  at: at(node, context),
});

function lowerEntry(node: SyntaxNode, context: Lowering): InitialiserEntry {
  if (node.type !== 'initializer_pair')
    return { designators: [], value: lowerExpression(node, context), at: at(node, context) };
  const designators = node.children
    .filter((child) => child.field === 'designator')
    .map((child) => {
      const text = textOf(child, context);
      return child.type === 'field_designator'
        ? text.replace(/^\s*\.\s*/, '')
        : child.type === 'field_identifier'
          ? text
          : '[…]';
    });
  return { designators, value: lowerField(node, 'value', context), at: at(node, context) };
}

/** One function for each node type of tree-sitter-c. */
const expressions: Readonly<Record<string, Lower>> = {
  identifier: lowerName,
  type_identifier: lowerName,
  field_identifier: lowerName,
  true: lowerName,
  false: lowerName,
  null: lowerName,
  number_literal: lowerLiteral,
  string_literal: lowerLiteral,
  concatenated_string: lowerLiteral,
  char_literal: lowerLiteral,
  parenthesized_expression: lowerParenthesized,
  call_expression: lowerCall,
  field_expression: lowerMember,
  assignment_expression: lowerAssignment,
  binary_expression: lowerBinary,
  unary_expression: lowerUnary,
  pointer_expression: lowerUnary,
  conditional_expression: lowerConditional,
  initializer_list: lowerInitialiser,
  subscript_expression: (node, context) => ({
    kind: 'index',
    object: lowerField(node, 'argument', context),
    index: lowerField(node, 'index', context),
    at: at(node, context),
  }),
  update_expression: lowerUpdate,
  cast_expression: (node, context) => ({
    kind: 'cast',
    type: typeTextOf(fieldOf(node, 'type') ?? node, context),
    operand: lowerField(node, 'value', context),
    at: at(node, context),
  }),
  compound_literal_expression: (node, context) => ({
    kind: 'compound-literal',
    type: typeTextOf(fieldOf(node, 'type') ?? node, context),
    value: lowerField(node, 'value', context),
    at: at(node, context),
  }),
  comma_expression: (node, context) => ({
    kind: 'sequence',
    items: [lowerField(node, 'left', context), lowerField(node, 'right', context)].flatMap((item) =>
      item.kind === 'sequence' ? item.items : [item],
    ),
    at: at(node, context),
  }),
  compound_statement: (node, context) => ({
    kind: 'statements',
    body: context.lowerBlock(node),
    at: at(node, context),
  }),
  extension_expression: (node, context) => {
    const [inner] = namedChildren(node);
    return inner ? lowerExpression(inner, context) : unparsed(node, context);
  },
  sizeof_expression: lowerType,
  alignof_expression: lowerType,
  offsetof_expression: lowerType,
  type_descriptor: lowerType,
  primitive_type: lowerType,
  macro_type_specifier: lowerType,
  sized_type_specifier: lowerType,
  struct_specifier: lowerType,
  gnu_asm_expression: (node, context) => ({ kind: 'literal', text: 'asm', at: at(node, context) }),
  generic_expression: lowerLiteral,
};
