import Parser from 'tree-sitter';
import C from 'tree-sitter-c';
import { during } from '../../base/profile.js';

/** A node of the syntax tree, copied out of the parser. It stays on this floor. */
export interface SyntaxNode {
  readonly type: string;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly named: boolean;
  readonly missing: boolean;
  readonly children: readonly SyntaxNode[];
}

export interface Parse {
  readonly root: SyntaxNode;
  /** ERROR and MISSING nodes, and those that are nested too deep to be read, in order. */
  readonly errors: readonly SyntaxNode[];
}

/** Deeper nesting than this is no code that anyone wrote; what lies below is left out. */
const deepest = 400;

let parser: Parser | undefined;

/** Parses prepared C. Offsets are UTF-16 units into the text given. */
export function parseC(text: string): Parse {
  if (!parser) {
    parser = new Parser();
    // The grammar's own types and the parser's disagree on what a language is; both are the same native object.
    parser.setLanguage(C as unknown as Parser.Language);
  }
  // Given as a string, text of 32 KB and more needs a buffer of its size.
  const bufferSize = Math.max(32 * 1024, text.length * 2 + 2);
  const own = parser;
  const tree = during('parse', () => own.parse(text, undefined, { bufferSize }));
  const errors: SyntaxNode[] = [];
  const root = copyTree(tree.walk(), { errors, hasErrors: tree.rootNode.hasError }, 0);
  return { root, errors };
}

interface NodeKind {
  readonly type: string;
  readonly named: boolean;
}

// Each property of the cursor is a call into the parser; what follows from an id is asked once.
const kinds: NodeKind[] = [];
const fields: (string | null)[] = [];

function kindAt(cursor: Parser.TreeCursor): NodeKind {
  const id = cursor.nodeTypeId;
  let kind = kinds[id];
  if (!kind) {
    kind = { type: cursor.nodeType, named: cursor.nodeIsNamed };
    // ERROR has the highest id there is: as an array index it would be none.
    if (id < 4096) kinds[id] = kind;
  }
  return kind;
}

function fieldAt(cursor: Parser.TreeCursor): string | null {
  const id = cursor.currentFieldId;
  if (!id) return null;
  const known = fields[id];
  if (known !== undefined) return known;
  const name = cursor.currentFieldName ?? null;
  fields[id] = name;
  return name;
}

interface Copy {
  readonly errors: SyntaxNode[];
  /** Where the parser knows of none, there is none to look for. */
  readonly hasErrors: boolean;
}

function copyTree(cursor: Parser.TreeCursor, copy: Copy, depth: number): SyntaxNode {
  const children: SyntaxNode[] = [];
  const { type, named } = kindAt(cursor);
  const node: SyntaxNode = {
    type,
    field: fieldAt(cursor),
    start: cursor.startIndex,
    end: cursor.endIndex,
    named,
    missing: copy.hasErrors && cursor.nodeIsMissing,
    children,
  };
  const isError = copy.hasErrors && (type === 'ERROR' || node.missing);
  if (isError) copy.errors.push(node);
  if (cursor.gotoFirstChild()) {
    if (depth < deepest) {
      do children.push(copyTree(cursor, copy, depth + 1));
      while (cursor.gotoNextSibling());
    } else if (!isError) copy.errors.push(node);
    cursor.gotoParent();
  }
  return node;
}

/** The child in a field, or undefined. */
export function fieldOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** All named children that are no comments. */
export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named && child.type !== 'comment');
}
