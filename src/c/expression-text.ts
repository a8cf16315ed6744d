import type { Expression } from './syntax.js';

/** A longer text is cut, in characters. */
const longestText = 80;

/** An expression as C writes it, on one line, to quote it. What is long is cut. */
export function expressionText(expression: Expression): string {
  const text = textOf(expression);
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}

function textOf(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'literal':
    case 'type':
    case 'unparsed':
      return expression.text.replace(/\s+/g, ' ');
    case 'member':
      return `${inner(expression.object)}${expression.arrow ? '->' : '.'}${expression.member}`;
    case 'index':
      return `${inner(expression.object)}[${textOf(expression.index)}]`;
    case 'call':
      return `${inner(expression.callee)}(${expression.arguments.map(textOf).join(', ')})`;
    case 'unary':
      return `${expression.operator}${inner(expression.operand)}`;
    case 'update':
      return expression.operand.at > expression.at
        ? `${expression.operator}${inner(expression.operand)}`
        : `${inner(expression.operand)}${expression.operator}`;
    case 'binary':
      return `${inner(expression.left)} ${expression.operator} ${inner(expression.right)}`;
    case 'assignment':
      return `${textOf(expression.target)} ${expression.operator} ${textOf(expression.value)}`;
    case 'conditional':
      return `${inner(expression.test)} ? ${expression.then ? textOf(expression.then) : ''} : ${textOf(expression.otherwise)}`;
    case 'cast':
      return `(${expression.type})${inner(expression.operand)}`;
    case 'compound-literal':
      return `(${expression.type}){ … }`;
    case 'initialiser':
      return '{ … }';
    case 'sequence':
      return expression.items.map(textOf).join(', ');
    case 'statements':
      return '({ … })';
  }
}

/** The text of an operand, in parentheses where it has an operator of its own. */
function inner(operand: Expression): string {
  const hasOperator = /^(?:binary|assignment|conditional|cast|sequence)$/.test(operand.kind);
  return hasOperator ? `(${textOf(operand)})` : textOf(operand);
}
