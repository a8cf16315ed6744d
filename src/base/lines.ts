/** A position in a text that moves line by line, without splitting the text. */
export interface LineCursor {
  atEnd(): boolean;
  /** The current line, without its line feed; empty at the end. */
  line(): string;
  /** The line after the current one. */
  next(): string;
  advance(): void;
  /** The offset at which the current line begins. */
  position(): number;
}

/** Makes a cursor at the first line of a text. */
export function lineCursor(text: string): LineCursor {
  let start = 0;
  let end = endOf(0);
  function endOf(from: number): number {
    const found = text.indexOf('\n', from);
    return found < 0 ? text.length : found;
  }
  return {
    atEnd: () => start >= text.length,
    line: () => text.slice(start, end),
    next: () => text.slice(end + 1, end < text.length ? endOf(end + 1) : end),
    advance() {
      start = Math.min(end + 1, text.length);
      end = endOf(start);
    },
    position: () => start,
  };
}
