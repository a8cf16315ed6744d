import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSource } from '../../input/tree/decode.js';
import { run } from './kernel-run.js';

/**
 * What a kernel tree has, counted by other programs and by text search. The tests compare the scan with it, so it shares
 * no code with the front end.
 */
export interface Census {
  /** `file name` of each definition of a `struct dma_buf_attach_ops`. */
  readonly importerOps: readonly string[];
  /** `file name` of each definition of a `struct dma_buf_ops`; of a nested one, the name of the outermost variable. */
  readonly exporterOps: readonly string[];
  /** `file:line` of each call of `dma_buf_attach()` or `dma_buf_dynamic_attach()`. */
  readonly attachCalls: readonly string[];
}

const importerTag = 'dma_buf_attach_ops';
const exporterTag = 'dma_buf_ops';

/** @param root an unpacked kernel tree. Needs grep and universal-ctags. */
export async function takeCensus(root: string): Promise<Census> {
  const paths = await filesWith(root, 'dma_buf_');
  const texts = new Map(paths.map((path) => [path, withoutComments(decodeSource(readFileSync(join(root, path))))]));
  const tags = await readTags(root, paths);
  return {
    importerOps: union(taggedTables(tags, importerTag, texts), writtenTables(texts, importerTag)),
    exporterOps: union(taggedTables(tags, exporterTag, texts), writtenTables(texts, exporterTag)),
    attachCalls: [...texts].flatMap(([path, text]) => callLines(text).map((line) => `${path}:${line}`)).sort(),
  };
}

async function filesWith(root: string, word: string): Promise<readonly string[]> {
  const args = ['-rlF', '--include=*.c', '--include=*.h', '-e', word, '.'];
  const found = await run('grep', args, { cwd: root });
  return found
    .split('\n')
    .filter(Boolean)
    .map((path) => path.replace(/^\.\//, ''))
    .sort();
}

/** The text with comments and the insides of strings blanked, line by line in place. */
function withoutComments(text: string): string {
  const pattern = /\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/g;
  return text.replace(pattern, (match) => match.replace(/[^\n]/g, ' '));
}

interface VariableTag {
  readonly path: string;
  readonly name: string;
  readonly kind: string;
  readonly type: string;
  /** The struct or function that it is inside of, or ''. */
  readonly scope: string;
}

async function readTags(root: string, paths: readonly string[]): Promise<readonly VariableTag[]> {
  const format = ['-x', '--_xformat=%N\t%F\t%K\t%t\t%s', '-f-'];
  const lines = await run(
    'ctags',
    ['--languages=C,C++', '--langmap=C:.c.h', '--kinds-C=vlm', '--fields=+ts', ...format, ...paths],
    { cwd: root },
  );
  return lines.split('\n').flatMap((line) => {
    const [name, path, kind, type, scope] = line.split('\t');
    return name && path && kind && type ? [{ name, path, kind, type, scope: scope ?? '' }] : [];
  });
}

/** Variables of a type as ctags tells it, and those of structs that hold one by value. */
function taggedTables(
  tags: readonly VariableTag[],
  tag: string,
  texts: ReadonlyMap<string, string>,
): readonly string[] {
  const isOf = (type: string, name: string): boolean => new RegExp(`(?:^|[ :])${name}$`).test(type);
  const holders = new Set(
    tags.filter((entry) => entry.kind === 'member' && isOf(entry.type, tag)).map((entry) => entry.scope),
  );
  const wanted = [tag, ...holders].filter((name) => name !== '');
  return tags
    .filter((entry) => entry.kind !== 'member' && wanted.some((name) => isOf(entry.type, name)))
    .filter(({ path, name }) => new RegExp(`\\b${name}\\s*(?:\\[[^\\]]*\\]\\s*)?=`).test(texts.get(path) ?? ''))
    .map(({ path, name }) => `${path} ${name}`);
}

/** Definitions of the type as they are written: `struct tag name = {`. */
function writtenTables(texts: ReadonlyMap<string, string>, tag: string): readonly string[] {
  const pattern = new RegExp(
    `\\bstruct\\s+${tag}\\s+(?:const\\s+|__\\w+\\s+)*(\\w+)\\s*(?:\\[\\w*\\]\\s*)?(?:__\\w+\\s*)*=\\s*\\{`,
    'g',
  );
  return [...texts].flatMap(([path, text]) => [...text.matchAll(pattern)].map((match) => `${path} ${match[1]}`));
}

/** Lines of the attach calls in a text without comments: inside braces, so that prototypes and heads do not count. */
function callLines(text: string): readonly number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  for (const match of text.matchAll(/\n|[{}]|\bdma_buf_(?:dynamic_)?attach\s*\(/g)) {
    if (match[0] === '\n') line++;
    else if (match[0] === '{') depth++;
    else if (match[0] === '}') depth = Math.max(0, depth - 1);
    else if (depth > 0) lines.push(line);
    // The pattern may have taken line ends along, between the name and the parenthesis.
    if (match[0].length > 1) line += match[0].split('\n').length - 1;
  }
  return lines;
}

const callPatch = `@call@ identifier f =~ "^dma_buf_(dynamic_)?attach$"; position p; @@
f@p(...)
@script:python@ p << call.p; @@
print("%s:%s" % (p[0].file, p[0].line))
`;

/** The same calls as Coccinelle sees them in the given files: `file:line`. Needs spatch. */
export async function attachCallsBySpatch(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dmabuf-lint-'));
  try {
    const patch = join(folder, 'attach.cocci');
    await writeFile(patch, callPatch);
    const lines = await run('spatch', ['--sp-file', patch, '--very-quiet', '--no-includes', ...paths], { cwd: root });
    return [...new Set(lines.split('\n').filter(Boolean))].sort();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function union(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort();
}
