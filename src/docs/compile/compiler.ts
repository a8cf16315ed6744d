import type { Nodes, Root } from 'mdast';
import type { Plugin } from 'unified';

/** What a handler may ask for while it writes its node. */
export interface Write {
  /** The columns that a line may take here. */
  readonly width: number;
  /** Inline nodes, one after the other. */
  inline(nodes: readonly Nodes[]): string;
  /** Blocks, with a blank line between them or what else the format puts there. */
  blocks(nodes: readonly Nodes[]): string;
  /** The same writer with fewer columns, for what is going to be indented. */
  narrower(columns: number): Write;
}

/** One small function for each type of node that a format knows. */
export type Handlers = {
  readonly [Type in Nodes['type']]?: (node: Extract<Nodes, { readonly type: Type }>, write: Write) => string;
};

/** Turns a Markdown tree into the text of one format; lines end in a line feed, the last one too. */
export type Compile = (node: Nodes, width?: number) => string;

/** What stands between two blocks that follow each other. */
export type Between = (before: Nodes, after: Nodes) => string;

const blankLine: Between = () => '\n\n';

/**
 * Makes the compiler of a format from its table.
 * @param format its name, for messages
 * @param between what keeps two blocks apart; a blank line where nothing is said
 * @returns a function that throws on a node which the table does not know: nothing is dropped silently
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

/** The same as the last step of a unified pipeline. */
export function asPlugin(compile: Compile): Plugin<[], Root, string> {
  return function compiler() {
    this.compiler = (tree) => compile(tree as Root);
  };
}

function lineOf(node: Nodes): string {
  return node.position ? ` (line ${node.position.start.line} of its source)` : '';
}
