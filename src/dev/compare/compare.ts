import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildRevision } from './compare-build.js';
import { type ComparedTree, comparedTrees } from './compare-trees.js';
import { type JsonDifference, jsonDifferences } from './json-differences.js';

const top = fileURLToPath(new URL('../../../../', import.meta.url));
const own = fileURLToPath(new URL('../../cli.js', import.meta.url));
const verbs = ['scan', 'matrix'] as const;
const mostShown = 20;
/** What says the same in other words is no other result. */
const wording = ['message', 'reason', 'behaviour'];

interface Answer {
  readonly code: unknown;
  readonly text: string;
}

/** The two verbs of one side share a cache: the second takes what the first one found. */
function ask(cli: string, verb: string, folder: string, cache: string): Promise<Answer> {
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  return new Promise((resolve, reject) => {
    const args = [cli, verb, folder, '--format', 'json'];
    execFile(process.execPath, args, { env, maxBuffer: 1024 ** 3 }, (error, stdout, stderr) => {
      const code = error?.code ?? 0;
      if (code === 0 || code === 1) resolve({ code, text: stdout });
      else reject(new Error(`${verb} ${folder} ends with ${String(code)}: ${stderr.trim()}`));
    });
  });
}

/** What a kernel tree gives is kept with the build: neither changes. */
async function askBefore(cli: string, verb: string, tree: ComparedTree, cache: string): Promise<Answer> {
  if (!tree.isFixed) return await ask(cli, verb, tree.folder, cache);
  const kept = join(dirname(cli), `${verb} ${tree.name}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as Answer;
  const answer = await ask(cli, verb, tree.folder, cache);
  writeFileSync(kept, JSON.stringify(answer));
  return answer;
}

async function differencesOn(
  tree: ComparedTree,
  before: string,
  { scratch, leftOut }: { readonly scratch: string; readonly leftOut: ReadonlySet<string> },
): Promise<readonly JsonDifference[]> {
  const all: JsonDifference[] = [];
  for (const verb of verbs) {
    const [old, fresh] = await Promise.all([
      askBefore(before, verb, tree, join(scratch, 'before')),
      ask(own, verb, tree.folder, join(scratch, 'after')),
    ]);
    const [was, is] = [old, fresh].map(({ code, text }) => ({ exit: code, [verb]: JSON.parse(text) as unknown }));
    all.push(...jsonDifferences(was, is, (name) => leftOut.has(name)));
  }
  return all;
}

function differenceLine({ path, before, after }: JsonDifference): string {
  const short = (value: unknown): string => {
    const text = JSON.stringify(value) ?? 'nothing';
    return text.length > 160 ? `${text.slice(0, 160)}…` : text;
  };
  return `  ${path}: ${short(before)} -> ${short(after)}\n`;
}

/**
 * `npm run compare -- <revision> [--no-wording] [--only <part of a name>]`
 * @returns 0 where both revisions say the same of every tree, 1 where they differ
 * @throws Error with one line: no such revision, it does not build, or a scan fails
 */
async function compare(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { 'no-wording': { type: 'boolean' }, only: { type: 'string', default: '' } },
    allowPositionals: true,
  });
  const [revision] = positionals;
  if (revision === undefined) throw new Error('usage: npm run compare -- <revision> [--no-wording] [--only <name>]');
  const leftOut = new Set(['milliseconds', ...(values['no-wording'] ? wording : [])]);
  const before = await buildRevision(top, revision);
  const scratch = await mkdtemp(join(tmpdir(), 'dmabuf-lint-compare-'));
  let total = 0;
  try {
    const trees = comparedTrees(join(scratch, 'examples')).filter(({ name }) => name.includes(values.only));
    if (trees.length === 0) throw new Error(`no tree is called '${values.only}'`);
    for (const tree of trees) {
      const found = await differencesOn(tree, before, { scratch, leftOut });
      total += found.length;
      process.stdout.write(`${tree.name}: ${found.length === 0 ? 'the same' : `${found.length} differences`}\n`);
      for (const difference of found.slice(0, mostShown)) process.stdout.write(differenceLine(difference));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return total === 0 ? 0 : 1;
}

try {
  process.exitCode = await compare(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`compare: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
