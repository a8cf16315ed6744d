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
 * The ten lines of a good example around the call that the rule reports in the bad one.
 * @param bad the whole bad example
 */
export function goodExcerpt(code: string, bad: string): string {
  const lines = code.trimEnd().split('\n');
  const reported = bad.split('\n').find((line) => marker.test(line)) ?? '';
  const name = /(\w+)\(/.exec(reported)?.[1] ?? /(\w+) = \{/.exec(reported)?.[1];
  const same = name === undefined ? -1 : lines.findIndex((line) => !line.startsWith('#') && line.includes(name));
  return written(lines, windowAround(lines, same, 2), () => []);
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
