/** One line that a hunk adds or removes; 1-based in the file that has it. */
export interface DiffLine {
  readonly line: number;
  readonly text: string;
}

export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly added: readonly DiffLine[];
  readonly removed: readonly DiffLine[];
}

/** What a diff says of one file. */
export interface FilePatch {
  /** Null where the file is new. */
  readonly oldPath: string | null;
  /** Null where the file is deleted. */
  readonly newPath: string | null;
  readonly isBinary: boolean;
  readonly isRename: boolean;
  readonly mode: 'file' | 'symlink' | 'submodule';
  readonly hunks: readonly Hunk[];
  /** This file's part of the diff. */
  readonly text: Buffer;
}

const fileStart = /^diff --git /;
const plainStart = /^--- (?!$)/;

/**
 * Reads a unified diff as git makes it, one entry a file, without applying it. What stands before the first file and
 * after the last is passed over. Nothing is believed of it: a hunk ends where its lines do, whatever its header counts.
 */
export function parseDiff(diff: Buffer | string): readonly FilePatch[] {
  // Latin-1 keeps one character a byte, so that positions in the text are positions in the bytes.
  const text = typeof diff === 'string' ? Buffer.from(diff, 'utf8').toString('latin1') : diff.toString('latin1');
  const starts = fileStarts(text);
  return starts.map((start, index) => readFile(text.slice(start, starts[index + 1] ?? text.length)));
}

/** Offsets at which files begin: `diff --git`, or, in a diff that has none, `---` before `+++`. */
function fileStarts(text: string): readonly number[] {
  const starts: number[] = [];
  let hunk = { old: 0, new: 0 };
  let isGit = false;
  for (const { line, start } of linesOf(text)) {
    if (hunk.old > 0 || hunk.new > 0) {
      hunk = consume(hunk, line);
      if (hunk.old > 0 || hunk.new > 0 || !fileStart.test(line)) continue;
    }
    if (fileStart.test(line)) {
      isGit = true;
      starts.push(start);
    } else if (!isGit && plainStart.test(line) && text.startsWith('+++ ', start + line.length + 1)) starts.push(start);
    const counts = hunkCounts(line);
    if (counts) hunk = { old: counts.oldLines, new: counts.newLines };
  }
  return starts;
}

/** What is left of a hunk after one of its lines; a line that belongs to none ends it. */
function consume(left: { readonly old: number; readonly new: number }, line: string) {
  switch (line[0]) {
    case '+':
      return { old: left.old, new: left.new - 1 };
    case '-':
      return { old: left.old - 1, new: left.new };
    case '\\':
      return left;
    case ' ':
    case undefined: // an empty context line whose space was lost on the way
    case '\r':
      return { old: left.old - 1, new: left.new - 1 };
    default:
      return { old: 0, new: 0 };
  }
}

function* linesOf(text: string): Iterable<{ readonly line: string; readonly start: number }> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    yield { line: text.slice(start, stop), start };
    start = stop + 1;
  }
}

function hunkCounts(line: string) {
  const match = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/.exec(line);
  if (!match) return undefined;
  const [, oldStart, oldLines = '1', newStart, newLines = '1'] = match;
  return {
    oldStart: Number(oldStart),
    oldLines: Number(oldLines),
    newStart: Number(newStart),
    newLines: Number(newLines),
  };
}

function readFile(part: string): FilePatch {
  const hunks: Hunk[] = [];
  const head: string[] = [];
  let left = { old: 0, new: 0 };
  let current: { added: DiffLine[]; removed: DiffLine[]; oldAt: number; newAt: number } | undefined;
  for (const { line } of linesOf(part)) {
    if (current && (left.old > 0 || left.new > 0)) {
      left = consume(left, line);
      if (line[0] === '+') current.added.push({ line: current.newAt++, text: utf8(line.slice(1)) });
      else if (line[0] === '-') current.removed.push({ line: current.oldAt++, text: utf8(line.slice(1)) });
      else if (line[0] !== '\\') {
        current.oldAt++;
        current.newAt++;
      }
      continue;
    }
    const counts = hunkCounts(line);
    if (counts) {
      left = { old: counts.oldLines, new: counts.newLines };
      current = { added: [], removed: [], oldAt: counts.oldStart, newAt: counts.newStart };
      hunks.push({ ...counts, added: current.added, removed: current.removed });
    } else if (!current) head.push(line.replace(/\r$/, ''));
  }
  return { ...readHead(head), hunks, text: Buffer.from(part, 'latin1') };
}

function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function readHead(lines: readonly string[]): Omit<FilePatch, 'hunks' | 'text'> {
  const after = (start: string): string | undefined => {
    const line = lines.find((candidate) => candidate.startsWith(start));
    return line === undefined ? undefined : unquote(line.slice(start.length).replace(/\t.*$/, ''));
  };
  const [fromLine, toLine] = pathsOfGitLine(lines[0] ?? '');
  const isNew = after('new file mode ') !== undefined;
  const isGone = after('deleted file mode ') !== undefined;
  const oldName = after('rename from ') ?? after('copy from ') ?? withoutSide(after('--- '), 'a/') ?? fromLine;
  const newName = after('rename to ') ?? after('copy to ') ?? withoutSide(after('+++ '), 'b/') ?? toLine;
  const mode = after('new file mode ') ?? after('new mode ') ?? after('deleted file mode ') ?? indexMode(lines) ?? '';
  return {
    oldPath: isNew || oldName === undefined || oldName === '/dev/null' ? null : oldName,
    newPath: isGone || newName === undefined || newName === '/dev/null' ? null : newName,
    isBinary: lines.some((line) => line.startsWith('GIT binary patch') || /^Binary files .* differ$/.test(line)),
    isRename: after('rename from ') !== undefined,
    mode: mode.startsWith('120') ? 'symlink' : mode.startsWith('160') ? 'submodule' : 'file',
  };
}

function indexMode(lines: readonly string[]): string | undefined {
  return lines.map((line) => /^index [0-9a-f.]+ (\d+)$/.exec(line)?.[1]).find((mode) => mode !== undefined);
}

function withoutSide(path: string | undefined, side: string): string | undefined {
  return path?.startsWith(side) ? path.slice(side.length) : path;
}

/** The two names of `diff --git a/x b/x`. Where they hold spaces, only two that are alike can be told apart. */
function pathsOfGitLine(line: string): readonly [string | undefined, string | undefined] {
  const rest = line.replace(fileStart, '');
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  const same = /^a\/(.*) b\/\1$/.exec(rest);
  const [one, other] = same ? [`a/${same[1]}`, `b/${same[1]}`] : [quoted?.[1], quoted?.[2]];
  return [withoutSide(one && unquote(one), 'a/'), withoutSide(other && unquote(other), 'b/')];
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
};

/** A name as git quotes it: in double quotes, with C escapes, bytes in octal. */
function unquote(name: string): string {
  if (!/^".*"$/.test(name)) return utf8(name);
  const bytes = name.slice(1, -1).replace(/\\([0-3][0-7]{2}|.)/g, (_, code: string) => {
    return code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code);
  });
  return utf8(bytes);
}

/** What makes a path one that no patch may touch; the first that fits. */
const troubles: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^$/, 'the path is empty'],
  [/^\//, 'the path is absolute'],
  [/(^|\/)\.\.(\/|$)/, 'the path leads out of the tree'],
  [/(^|\/)\.(\/|$)|\/\//, 'the path is not in its plain form'],
  [/(^|\/)\.git(\/|$)/i, "the path leads into git's own files"],
  [/\/$/, 'the path is that of a folder'],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  [/[\u0000-\u001f\u007f]/, 'the path holds control characters'],
];

/** Why a path in a patch must not be touched, or undefined. */
export function pathTrouble(path: string): string | undefined {
  return troubles.find(([pattern]) => pattern.test(path))?.[1];
}
