import { directiveText } from '../prepare/mask.js';
import type { Expression, Statement, Variant } from '../syntax.js';
import { visitStatements } from '../visit.js';
import { cleanupOf } from './cleanup-macros.js';
import { lowerExpression } from './lower-expression.js';
import { at, type Lowering, nameOf, recordUnparsed, textOf, typeTextOf } from './lowering.js';
import { fieldOf, namedChildren, type SyntaxNode } from './parser.js';

/** The statements of a body: those of a block, or the one statement in its place. */
function lowerBody(node: SyntaxNode | undefined, context: Lowering): readonly Statement[] {
  if (!node) return [];
  if (node.type === 'compound_statement') return lowerBlock(node, context);
  return lowerStatement(node, context);
}

/** The statements of a block. What cannot be read is kept as text, and recorded in the context. */
export function lowerBlock(node: SyntaxNode, context: Lowering): readonly Statement[] {
  return namedChildren(node).flatMap((child) => lowerStatement(child, context));
}

type Lower = (node: SyntaxNode, context: Lowering) => readonly Statement[];

function lowerStatement(node: SyntaxNode, context: Lowering): readonly Statement[] {
  const lower = statements[node.type];
  if (lower) return lower(node, context);
  return [{ kind: 'unparsed', text: recordUnparsed(node, context), at: at(node, context) }];
}

function testOf(node: SyntaxNode, context: Lowering): Expression {
  const condition = fieldOf(node, 'condition');
  if (condition) return lowerExpression(condition, context);
  return { kind: 'unparsed', text: '', at: at(node, context) };
}

const lowerExpressionStatement: Lower = (node, context) => {
  const [inner] = namedChildren(node);
  if (!inner) return [];
  if (inner.type === 'identifier' && context.text[context.base + node.end - 1] === ':')
    return [{ kind: 'label', name: textOf(inner, context), at: at(node, context) }];
  return [{ kind: 'expression', expression: lowerExpression(inner, context), at: at(node, context) }];
};

const lowerDeclaration: Lower = (node, context) => {
  const typeNode = fieldOf(node, 'type');
  const type = typeNode ? typeTextOf(typeNode, context) : '';
  const result: Statement[] = [];
  // Attributes follow the name that they belong to. Those before the first name, or before the type, belong to the
  // first name.
  let start = node.start - blankedBefore(node, context).length;
  const declarators = node.children.filter((child) => child.field === 'declarator');
  for (const [index, declarator] of declarators.entries()) {
    const value = declarator.type === 'init_declarator' ? fieldOf(declarator, 'value') : undefined;
    const named = declarator.type === 'init_declarator' ? fieldOf(declarator, 'declarator') : declarator;
    if (!named) continue;
    const name = declaredName(named);
    if (!name) continue;
    const end = value?.start ?? declarators[index + 1]?.start ?? node.end;
    const attributes = context.text.slice(context.base + start, context.base + end);
    start = declarators[index + 1]?.start ?? end;
    result.push({
      kind: 'declaration',
      name: nameOf(name, context),
      type,
      pointer: named.type === 'pointer_declarator' || named.type === 'function_declarator',
      value: value ? lowerExpression(value, context) : null,
      cleanup: cleanupOf(attributes, context.cleanups),
      at: context.base + name.start,
    });
  }
  return result;
};

/** The text before the type on the line of a declaration, where attributes were blanked. */
function blankedBefore(node: SyntaxNode, context: Lowering): string {
  const line = context.text.slice(
    context.text.lastIndexOf('\n', context.base + node.start - 1) + 1,
    context.base + node.start,
  );
  return /[^;{}]*$/.exec(line)?.[0] ?? '';
}

function declaredName(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === 'identifier' || node.type === 'type_identifier') return node;
  const inner = fieldOf(node, 'declarator') ?? namedChildren(node).at(0);
  return inner ? declaredName(inner) : undefined;
}

/** The name of the macro for which the preparation wrote `while` or `if`; undefined for a real one. */
function macroName(node: SyntaxNode, context: Lowering): string | undefined {
  const word = /^\w+/.exec(textOf(node, context))?.[0];
  return word && word !== 'while' && word !== 'if' ? word : undefined;
}

const lowerMacroBlock = (macro: string, node: SyntaxNode, body: readonly Statement[], context: Lowering): Statement => {
  const test = testOf(node, context);
  return {
    kind: 'macro-block',
    macro,
    arguments: test.kind === 'sequence' ? test.items : [test],
    body,
    at: at(node, context),
  };
};

const lowerIf: Lower = (node, context) => {
  const then = lowerBody(fieldOf(node, 'consequence'), context);
  const macro = macroName(node, context);
  const alternative = fieldOf(node, 'alternative');
  const inner = alternative?.type === 'else_clause' ? namedChildren(alternative)[0] : alternative;
  const otherwise = lowerBody(inner, context);
  if (macro) return [lowerMacroBlock(macro, node, then, context), ...otherwise];
  const test = testOf(node, context);
  const condition = fieldOf(node, 'condition');
  const decided = condition ? context.version.valueOf(textOf(condition, context)) : null;
  // The compiler drops the other branch, unless a jump leads into it.
  if (decided !== null && !hasLabel(decided ? otherwise : then)) {
    const dead = decided ? alternative : fieldOf(node, 'consequence');
    if (dead) context.dropped.push({ start: at(dead, context), end: context.base + dead.end });
    return decided ? then : otherwise;
  }
  return [{ kind: 'if', test, then, otherwise, at: at(node, context) }];
};

function hasLabel(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, ({ kind }) => {
    if (kind === 'label' || kind === 'case') found = true;
  });
  return found;
}

const lowerWhile: Lower = (node, context) => {
  const body = lowerBody(fieldOf(node, 'body'), context);
  const macro = macroName(node, context);
  if (macro) return [lowerMacroBlock(macro, node, body, context)];
  return [{ kind: 'while', test: testOf(node, context), body, at: at(node, context) }];
};

const lowerFor: Lower = (node, context) => {
  const start = fieldOf(node, 'initializer');
  const test = fieldOf(node, 'condition');
  const update = fieldOf(node, 'update');
  const asStatements = (child: SyntaxNode): readonly Statement[] =>
    child.type === 'declaration'
      ? lowerDeclaration(child, context)
      : [{ kind: 'expression', expression: lowerExpression(child, context), at: at(child, context) }];
  return [
    {
      kind: 'for',
      start: start ? asStatements(start) : [],
      test: test ? lowerExpression(test, context) : null,
      update: update ? lowerExpression(update, context) : null,
      body: lowerBody(fieldOf(node, 'body'), context),
      at: at(node, context),
    },
  ];
};

const lowerCase: Lower = (node, context) => {
  const value = fieldOf(node, 'value');
  const rest = namedChildren(node).filter((child) => child !== value);
  return [
    { kind: 'case', value: value ? lowerExpression(value, context) : null, at: at(node, context) },
    ...rest.flatMap((child) => lowerStatement(child, context)),
  ];
};

const lowerLabeled: Lower = (node, context) => {
  const label = fieldOf(node, 'label');
  const rest = namedChildren(node).filter((child) => child !== label);
  return [
    { kind: 'label', name: label ? textOf(label, context) : '', at: at(node, context) },
    ...rest.flatMap((child) => lowerStatement(child, context)),
  ];
};

const lowerReturn: Lower = (node, context) => {
  const [value] = namedChildren(node);
  return [{ kind: 'return', value: value ? lowerExpression(value, context) : null, at: at(node, context) }];
};

/** An `#if` group inside a body, of which more than one way is left: all its branches. */
const lowerConditional: Lower = (node, context) => {
  const all: Variant[] = [];
  collectBranches(node, context, all);
  return [{ kind: 'variants', branches: all, at: at(node, context) }];
};

function collectBranches(node: SyntaxNode, context: Lowering, branches: Variant[]): void {
  const alternative = fieldOf(node, 'alternative');
  const heads = new Set([fieldOf(node, 'condition'), fieldOf(node, 'name'), alternative]);
  const body = namedChildren(node).filter((child) => !heads.has(child));
  // An `#elif` that holds wherever no branch before it does is read as an `#else`.
  const written = directiveText(context.text, at(node, context)).replace(/^# /, '#');
  const condition = node.type === 'preproc_else' ? '#else' : written;
  branches.push({ condition, body: body.flatMap((child) => lowerStatement(child, context)) });
  if (alternative) collectBranches(alternative, context, branches);
}

const nothing: Lower = () => [];

/** One function for each node type of tree-sitter-c. */
const statements: Readonly<Record<string, Lower>> = {
  expression_statement: lowerExpressionStatement,
  declaration: lowerDeclaration,
  compound_statement: (node, context) => [{ kind: 'block', body: lowerBlock(node, context), at: at(node, context) }],
  if_statement: lowerIf,
  while_statement: lowerWhile,
  do_statement: (node, context) => [
    { kind: 'do', test: testOf(node, context), body: lowerBody(fieldOf(node, 'body'), context), at: at(node, context) },
  ],
  for_statement: lowerFor,
  switch_statement: (node, context) => [
    {
      kind: 'switch',
      subject: testOf(node, context),
      body: lowerBody(fieldOf(node, 'body'), context),
      at: at(node, context),
    },
  ],
  case_statement: lowerCase,
  labeled_statement: lowerLabeled,
  return_statement: lowerReturn,
  goto_statement: (node, context) => [
    { kind: 'goto', label: textOf(fieldOf(node, 'label') ?? node, context), at: at(node, context) },
  ],
  break_statement: (node, context) => [{ kind: 'break', at: at(node, context) }],
  continue_statement: (node, context) => [{ kind: 'continue', at: at(node, context) }],
  else_clause: (node, context) => lowerBody(namedChildren(node)[0], context),
  preproc_if: lowerConditional,
  preproc_ifdef: lowerConditional,
  attributed_statement: (node, context) => namedChildren(node).flatMap((child) => lowerStatement(child, context)),
  comment: nothing,
  preproc_call: nothing,
  preproc_def: nothing,
  preproc_function_def: nothing,
  preproc_include: nothing,
  attribute_declaration: nothing,
  type_definition: nothing,
  struct_specifier: nothing,
  enum_specifier: nothing,
  union_specifier: nothing,
  function_definition: (node, context) => lowerBody(fieldOf(node, 'body'), context), // a nested function is rare: its body takes its place
};
