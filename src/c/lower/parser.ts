import Parser from 'tree-sitter';
import C from 'tree-sitter-c';
import { during } from '../../base/profile.js';

/** A node of the parser's syntax tree, copied. It does not leave this floor. */
export interface SyntaxNode {
  readonly type: string;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly named: boolean;
  readonly missing: boolean;
  readonly children: readonly SyntaxNode[];
}

/** What parsing a text gave. */
export interface Parse {
  readonly root: SyntaxNode;
  /** The ERROR and MISSING nodes, and those that are nested too deeply to be copied, in the order of the text. */
  readonly errors: readonly SyntaxNode[];
}

/** Nodes that are nested more deeply are left out: nobody writes such code. */
const deepest = 400;

let parser: Parser | undefined;

/** Parses prepared C. Offsets are in UTF-16 units into this text. */
export function parseC(text: string): Parse {
  if (!parser) {
    parser = new Parser();
    // The package makes a class for each type of node, which takes longer than parsing most files: only a cursor is used
    // here, which knows no classes. Without a list of types there is none. The types of the two packages disagree on what
    // a language is; at run time both are the same native object.
    parser.setLanguage({ ...C, nodeTypeInfo: [] } as unknown as Parser.Language);
  }
  // A text of 32 KB and more needs a buffer of its size.
  const bufferSize = Math.max(32 * 1024, text.length * 2 + 2);
  const own = parser;
  const tree = during('parse', () => own.parse(text, undefined, { bufferSize }));
  const errors: SyntaxNode[] = [];
  const root = copyTree(tree.walk(), { errors, hasErrors: tree.rootNode.hasError }, 0);
  return { root, errors };
}

/** What the id of a node type stands for. */
interface NodeKind {
  readonly type: string;
  readonly named: boolean;
}

// Reading a property of the cursor calls into the parser: what follows from the id of a type or field is read once.
const kinds: NodeKind[] = [];
const fields: (string | null)[] = [];

function kindAt(cursor: Parser.TreeCursor): NodeKind {
  const id = cursor.nodeTypeId;
  let kind = kinds[id];
  if (!kind) {
    kind = { type: cursor.nodeType, named: cursor.nodeIsNamed };
    // The id of ERROR is far beyond all others, and no good index.
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

/** What copying a tree shares. */
interface Copy {
  readonly errors: SyntaxNode[];
  /** Whether the tree has any ERROR or MISSING node. Without one, no node need be asked. */
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

/** The child of a node in a field, or undefined. */
export function fieldOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** The named children of a node that are not comments. */
export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named && child.type !== 'comment');
}
