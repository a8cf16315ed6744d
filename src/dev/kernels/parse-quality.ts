import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type AttributeWords,
  countParseErrors,
  type FunctionOutline,
  outlineFile,
  positionAt,
  type SourceFile,
  treeAttributeWords,
} from '../../c/index.js';
import { openFolder } from '../../input/tree/tree.js';
import { kernelTree } from './kernel.js';
import { run } from './kernel-run.js';

/** Limits over the files that mention `dma_buf_`. */
const bounds = { errorNodes: 60, errorShare: 0.003, missedFunctions: 5 } as const;

/** A function that universal-ctags names. */
interface Tag {
  readonly path: string;
  readonly name: string;
  /** 1-based. */
  readonly line: number;
}

interface Quality {
  readonly files: number;
  readonly functions: number;
  /** ERROR and MISSING nodes after preparation. */
  readonly errorNodes: number;
  /** `path:line name()` of each function that has one. */
  readonly broken: readonly string[];
  readonly tags: number;
  /** Functions that ctags knows and we don't. */
  readonly missed: readonly Tag[];
  /** Macro calls right before one of our functions, which ctags takes for the function itself. */
  readonly macroCalls: readonly { readonly tag: Tag; readonly hides: string }[];
}

/** Measures the front end on one kernel tree, against universal-ctags. */
async function measure(root: string): Promise<Quality> {
  const tree = openFolder(root);
  const { hits } = await tree.search(tree.sources, ['dma_buf_'], false);
  const paths = [...(hits[0] ?? [])].sort();
  const attributes = treeAttributeWords((path) => tree.read(path), []);
  const files = new Map<string, SourceFile>();
  const broken: string[] = [];
  let errorNodes = 0;
  let functions = 0;
  for (const path of paths) {
    const file = outlineFile(path, tree.read(path) ?? '', attributes);
    files.set(path, file);
    functions += file.unit.functions.length;
    for (const outline of file.unit.functions) {
      const errors = countParseErrors(file, outline, attributes);
      errorNodes += errors;
      if (errors > 0) broken.push(`${path}:${positionAt(file.unit, outline.start).line} ${outline.name}()`);
    }
    await new Promise((resolve) => setImmediate(resolve)); // the parser frees its trees between turns
  }
  const tags = await readTags(root, paths);
  return { files: paths.length, functions, errorNodes, broken, tags: tags.length, ...compare(files, tags, attributes) };
}

async function readTags(root: string, paths: readonly string[]): Promise<readonly Tag[]> {
  const format = ['-x', '--_xformat=%N\t%F\t%n', '-f-'];
  const lines = await run('ctags', ['--languages=C,C++', '--langmap=C:.c.h', '--kinds-C=f', ...format, ...paths], {
    cwd: root,
  });
  return lines.split('\n').flatMap((line) => {
    const [name, path, number] = line.split('\t');
    return name && path ? [{ path, name, line: Number(number) }] : [];
  });
}

function compare(
  files: ReadonlyMap<string, SourceFile>,
  tags: readonly Tag[],
  attributes: AttributeWords,
): Pick<Quality, 'missed' | 'macroCalls'> {
  const tagged = new Set(tags.map((tag) => `${tag.path}\t${tag.name}`));
  const missed: Tag[] = [];
  const macroCalls: { tag: Tag; hides: string }[] = [];
  for (const tag of tags) {
    const file = files.get(tag.path);
    const functions = file?.unit.functions ?? [];
    // A function whose name a macro makes, `UVERBS_HANDLER(X)(...)`, is known to ctags by the macro's name.
    if (!file || functions.some((outline) => outline.name.replace(/\(.*/s, '') === tag.name)) continue;
    const hidden = functionBehind(file, tag, attributes);
    if (hidden && !tagged.has(`${tag.path}\t${hidden.name}`)) macroCalls.push({ tag, hides: hidden.name });
    else missed.push(tag);
  }
  return { missed, macroCalls };
}

/** Our function right behind the macro call that a tag stands on, or undefined where it stands on no such call. */
function functionBehind(file: SourceFile, tag: Tag, attributes: AttributeWords): FunctionOutline | undefined {
  const at = file.unit.lineStarts[tag.line - 1] ?? 0;
  const call = new RegExp(`\\b${tag.name}\\s*\\(`, 'y');
  call.lastIndex = file.code.indexOf(tag.name, at);
  if (call.lastIndex < at || !call.test(file.code)) return undefined;
  const close = closingParen(file.code, call.lastIndex - 1);
  const next = file.unit.functions.find((outline) => outline.bodyStart > close);
  if (!next || next.nameAt <= close) return undefined;
  // Between the call and the head stands nothing but the return type, semicolons, and perhaps more such calls.
  const between = file.code.slice(close + 1, next.nameAt).replace(attributes.pattern, ' ');
  return /^[\s;]*(?:\w+\s*\([^()]*\)[\s;]*)*[\w\s*]*$/.test(between) ? next : undefined;
}

function closingParen(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === '(') depth++;
    else if (code[at] === ')' && --depth === 0) return at;
  }
  return code.length;
}

/** The bounds that do not hold, in words; empty where all do. */
function broken({ errorNodes, broken: functions, functions: all, missed }: Quality): readonly string[] {
  return [
    errorNodes > bounds.errorNodes ? [`more than ${bounds.errorNodes} ERROR and MISSING nodes`] : [],
    functions.length > all * bounds.errorShare
      ? [`more than ${percent(bounds.errorShare)} of functions with an error`]
      : [],
    missed.length > bounds.missedFunctions ? [`more than ${bounds.missedFunctions} functions missed`] : [],
    all === 0 ? ['no function at all'] : [],
  ].flat();
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** The measurement as text. */
function qualityText(version: string, quality: Quality): string {
  const { files, functions, errorNodes, broken: list, tags, missed, macroCalls } = quality;
  const problems = broken(quality);
  return [
    `kernel ${version}: ${functions} functions in the ${files} files that mention dma_buf_`,
    `  ERROR and MISSING nodes        ${errorNodes} (at most ${bounds.errorNodes})`,
    `  functions with an error        ${list.length}, ${percent(list.length / Math.max(1, functions))} (at most ${percent(bounds.errorShare)})`,
    ...list.map((line) => `    ${line}`),
    `  ctags knows ${tags}; we miss      ${missed.length} (at most ${bounds.missedFunctions})`,
    ...missed.map((tag) => `    ${tag.path}:${tag.line} ${tag.name}()`),
    `  macro calls taken for functions by ctags: ${macroCalls.length}`,
    ...macroCalls.map(({ tag, hides }) => `    ${tag.path}:${tag.line} ${tag.name}(), which stands before ${hides}()`),
    problems.length === 0 ? '  all bounds hold' : `  NOT: ${problems.join('; ')}`,
    '',
  ].join('\n');
}

/** `npm run kernel:parse-quality`: prints the measurement of two kernels; exit 1 where a bound does not hold. */
async function main(): Promise<void> {
  for (const version of ['6.12', '7.x']) {
    const quality = await measure(kernelTree(version));
    process.stdout.write(qualityText(version, quality));
    if (broken(quality).length > 0) process.exitCode = 1;
  }
}

const script = process.argv[1];
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`parse-quality: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
