/** A paragraph of a comment: lines without a blank one between them. */
export interface DocBlock {
  /** Its words on one line. */
  readonly text: string;
  /** Its lines in {@link DocComment.lines}, 0-based: the first, and one past the last. */
  readonly first: number;
  readonly end: number;
}

/** A kernel-doc comment. Source: Documentation/doc-guide/kernel-doc.rst */
export interface DocComment {
  /** Offsets of the comment, with its opening and closing marks. */
  readonly start: number;
  readonly end: number;
  /** The text before the comment on its line. */
  readonly indent: string;
  /** What it documents: `dma_buf_pin`, `struct dma_buf_ops`, `@pin`, or `DOC` for a section. */
  readonly subject: string;
  /** Its lines without the marks of the comment. The opening and closing lines are among them where they have words. */
  readonly lines: readonly string[];
  /** Its paragraphs. The first is the title: the name, and a short description. */
  readonly blocks: readonly DocBlock[];
  /** The line of the comment on which the first of `lines` stands: 0 where words follow the opening mark, else 1. */
  readonly firstLine: number;
}

/** Reads a comment; undefined where it is not kernel-doc. */
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

/** All kernel-doc comments of a text. One inside a string is listed, too; its subject is none that anybody asks for. */
export function docComments(text: string): readonly DocComment[] {
  const comments: DocComment[] = [];
  for (let start = text.indexOf('/**'); start >= 0; ) {
    const isDoc = !/[*/]/.test(text[start + 3] ?? '');
    const end = isDoc ? text.indexOf('*/', start + 3) : start + 1;
    if (end < 0) break; // it does not end, and none that begins below it does
    const comment = isDoc ? readDocComment(text, start, end + 2) : undefined;
    if (comment) comments.push(comment);
    start = text.indexOf('/**', isDoc ? end + 2 : end);
  }
  return comments;
}

/** The text of a kernel-doc comment with these lines. It is never written on one line. */
export function writeDocComment(indent: string, lines: readonly string[]): string {
  const body = lines.map((line) => (line === '' ? `${indent} *` : `${indent} * ${line}`));
  return ['/**', ...body, `${indent} */`].join('\n');
}

function withoutSign(line: string, number: number): string {
  const plain = number === 0 ? line.replace(/^ /, '') : line.replace(/^\s*\* ?/, '');
  return plain.trimEnd();
}

/** The paragraphs of some lines. */
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
