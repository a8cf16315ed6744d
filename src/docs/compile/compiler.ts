import type { Nodes, Root } from 'mdast';
import type { Plugin } from 'unified';

/** What a handler uses to write the children of its node. */
export interface Write {
  /** The columns of a line. */
  readonly width: number;
  /** Writes inline nodes, one after the other. */
  inline(nodes: readonly Nodes[]): string;
  /** Writes blocks, with what the format puts between them. */
  blocks(nodes: readonly Nodes[]): string;
  /** A writer with fewer columns, for blocks that will be indented. */
  narrower(columns: number): Write;
}

/** The table of a format: one function for each type of node that it can write. */
export type Handlers = {
  readonly [Type in Nodes['type']]?: (node: Extract<Nodes, { readonly type: Type }>, write: Write) => string;
};

/** Turns a Markdown tree into the text of one format; every line ends in a line feed. */
export type Compile = (node: Nodes, width?: number) => string;

/** The text between two adjacent blocks. */
export type Between = (before: Nodes, after: Nodes) => string;

const blankLine: Between = () => '\n\n';

/**
 * Makes the compiler of a format from its table.
 * @param format its name, for messages
 * @param usualWidth columns of a line, where the caller does not say
 * @returns a function that throws on a node that the table does not have, so that nothing is dropped silently
 */
export function compilerOf(
  format: string,
  handlers: Handlers,
  usualWidth: number,
  between: Between = blankLine,
): Compile {
  const writerOf = (width: number): Write => {
    const handle = (node: Nodes): string => {
      const handler = handlers[node.type] as ((node: Nodes, write: Write) => string) | undefined;
      if (!handler) throw new Error(`${format} cannot say a '${node.type}'${lineOf(node)}`);
      return handler(node, write);
    };
    const write: Write = {
      width,
      inline: (nodes) => nodes.map(handle).join(''),
      blocks: (nodes) => {
        const written = nodes.map((node) => ({ node, text: handle(node) })).filter(({ text }) => text !== '');
        return written
          .map(({ node, text }, index) => {
            const before = written[index - 1];
            return before ? between(before.node, node) + text : text;
          })
          .join('');
      },
      narrower: (columns) => writerOf(width - columns),
    };
    return write;
  };
  return (node, width = usualWidth) => {
    const text = writerOf(width).blocks(node.type === 'root' ? node.children : [node]);
    return text === '' ? '' : `${text}\n`;
  };
}

/** A compiler as the last step of a unified pipeline. */
export function asPlugin(compile: Compile): Plugin<[], Root, string> {
  return function compiler() {
    this.compiler = (tree) => compile(tree as Root);
  };
}

function lineOf(node: Nodes): string {
  return node.position ? ` (line ${node.position.start.line} of its source)` : '';
}
