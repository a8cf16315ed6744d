/** So many lines of an example are read at a glance. */
const fewLines = 10;

/** Marks what the rule reports: the tests look for it, a reader needs no comment. */
const marker = / *\/\* expect: [\w-]+ \*\//;

/**
 * The ten lines of a bad example around the one that the rule reports, which is pointed at.
 * @param code the whole example
 * @param rule what stands at the pointer
 */
export function badExcerpt(code: string, rule: string): string {
  const lines = code.trimEnd().split('\n');
  const at = lines.findIndex((line) => marker.test(line));
  const shown = windowAround(lines, at, 4);
  return written(lines, shown, (index) => (index === at ? [pointer(lines[at] ?? '', rule)] : []));
}

/**
 * The ten lines of a good example around the call that the rule reports in the bad one, in the function of the same name if
 * there is one.
 * @param bad the whole bad example
 */
export function goodExcerpt(code: string, bad: string): string {
  const lines = code.trimEnd().split('\n');
  const badLines = bad.split('\n');
  const at = badLines.findIndex((line) => marker.test(line));
  const reported = badLines[at] ?? '';
  const name = /dmabuf-lint(?=: )|\w+(?=\()|\w+(?= = \{)/.exec(reported)?.[0];
  const isPatch = badLines.some((line) => line.startsWith('@@ '));
  const around = isPatch ? undefined : badLines.slice(0, at).findLast((line) => definition.test(line));
  const start = around === undefined ? -1 : lineWith(lines, definition.exec(around)?.[1], 0);
  const inside = lineWith(lines, name, Math.max(start, 0));
  const same = inside >= 0 ? inside : Math.max(start, lineWith(lines, name, 0));
  return written(lines, windowAround(lines, same, 2), () => []);
}

/** The first line of a function. */
const definition = /^[A-Za-z_][^;=]*?(\w+)\([^;]*$/;

/** The first line from an index on that has a name as a whole word: dma_buf_attach is not in `struct dma_buf_attachment`. */
function lineWith(lines: readonly string[], name: string | undefined, from: number): number {
  if (name === undefined) return -1;
  const word = new RegExp(`\\b${name}\\b`);
  return lines.findIndex((line, index) => index >= from && !line.startsWith('#') && word.test(line));
}

interface Window {
  readonly start: number;
  /** The line behind the last. */
  readonly end: number;
}

/** The lines around one, within its function or table; those of the last function if there is none. */
function windowAround(lines: readonly string[], at: number, before: number): Window {
  const isStart = (line: string): boolean => /^[A-Za-z_+]/.test(line) && !/^\w+:$/.test(line);
  // A patch: its first change.
  const hunk = at >= 0 ? -1 : lines.findIndex((line) => line.startsWith('@@ '));
  if (hunk >= 0) return { start: hunk + 1, end: Math.min(lines.length, hunk + 1 + fewLines) };
  const from = at >= 0 ? at : lines.findLastIndex((line) => isStart(line));
  const first = Math.max(
    0,
    lines.findLastIndex((line, index) => index <= from && isStart(line)),
  );
  const close = lines.findIndex((line, index) => index >= from && /^\}/.test(line));
  const last = close < 0 ? lines.length - 1 : close;
  const start = Math.max(first, Math.min(at >= 0 ? from - before : first, last - fewLines + 1));
  return { start, end: Math.min(last + 1, start + fewLines) };
}

function written(
  lines: readonly string[],
  { start, end }: Window,
  below: (index: number) => readonly string[],
): string {
  const shown = lines.slice(start, end).flatMap((line, index) => [line.replace(marker, ''), ...below(start + index)]);
  const isCut = !/^\}/.test(lines[end - 1] ?? '');
  const first = shown.findIndex((line) => line !== '');
  return [...shown.slice(first), ...(isCut && end < lines.length ? ['[...]'] : [])].join('\n');
}

function pointer(line: string, rule: string): string {
  return `${/^\s*/.exec(line.replace(/^[+-]/, ' '))?.[0] ?? ''}^ ${rule}`;
}
