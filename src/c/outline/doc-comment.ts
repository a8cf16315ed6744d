/** A run of lines of a comment without a blank one between. */
export interface DocBlock {
  /** The words, white space folded. */
  readonly text: string;
  /** Numbers of its lines among the comment's lines, 0-based: the first, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

/** A kernel-doc comment. Source: Documentation/doc-guide/kernel-doc.rst */
export interface DocComment {
  /** Offsets of the comment, its opening and closing signs included. */
  readonly start: number;
  readonly end: number;
  /** What stands before the comment on its line. */
  readonly indent: string;
  /** What it documents: `dma_buf_pin`, `struct dma_buf_ops`, `@pin`, `DOC`. */
  readonly subject: string;
  /** Its lines without the signs of the comment; the opening and the closing line too, where words stand on them. */
  readonly lines: readonly string[];
  /** The first is the title: the name, and what it is in short. */
  readonly blocks: readonly DocBlock[];
  /** On which line of the comment the first of them stands, 0-based: words may follow the opening sign. */
  readonly firstLine: number;
}

/** Reads a comment; undefined where it is no kernel-doc. */
export function readDocComment(text: string, start: number, end: number): DocComment | undefined {
  const raw = text.slice(start, end);
  if (!/^\/\*\*(?!\*|\/)/.test(raw)) return undefined;
  const isOneLine = !raw.includes('\n');
  const lines = raw.slice(3, -2).split('\n').map(withoutSign);
  const firstLine = lines[0]?.trim() === '' ? 1 : 0;
  if (firstLine === 1) lines.shift();
  if (!isOneLine && lines.at(-1)?.trim() === '') lines.pop();
  const blocks = docBlocks(lines);
  const subject = /^(@[\w.]+|DOC|(?:(?:struct|enum|union|typedef)\s+)?\w+)/.exec(blocks[0]?.text ?? '')?.[1];
  if (subject === undefined) return undefined;
  return {
    start,
    end,
    indent: text.slice(text.lastIndexOf('\n', start - 1) + 1, start),
    subject,
    lines,
    blocks,
    firstLine,
  };
}

/** All kernel-doc comments of a text. Comments that are found inside strings do no harm: nobody asks for them. */
export function docComments(text: string): readonly DocComment[] {
  return [...text.matchAll(/\/\*\*(?![*/])[\s\S]*?\*\//g)].flatMap(
    (match) => readDocComment(text, match.index, match.index + match[0].length) ?? [],
  );
}

/** Writes a comment anew with other lines; never on one line. */
export function writeDocComment(indent: string, lines: readonly string[]): string {
  const body = lines.map((line) => (line === '' ? `${indent} *` : `${indent} * ${line}`));
  return ['/**', ...body, `${indent} */`].join('\n');
}

function withoutSign(line: string, number: number): string {
  const plain = number === 0 ? line.replace(/^ /, '') : line.replace(/^\s*\* ?/, '');
  return plain.trimEnd();
}

/** The runs of lines that are not blank. */
export function docBlocks(lines: readonly string[]): readonly DocBlock[] {
  const blocks: DocBlock[] = [];
  let first = 0;
  const close = (end: number): void => {
    if (end > first) blocks.push({ text: lines.slice(first, end).join(' ').replace(/\s+/g, ' ').trim(), first, end });
    first = end + 1;
  };
  lines.forEach((line, number) => {
    if (line.trim() === '') close(number);
  });
  close(lines.length);
  return blocks;
}
