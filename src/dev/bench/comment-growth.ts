import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../../rules/index.js';
import { buildContract } from '../../contract/index.js';
import { planDocumentation } from '../../docs/plan.js';
import { openMemory } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { coreFiles, fixturesFolder } from '../examples/example-tree.js';
import { wholeNumber } from '../scripts/user-errors.js';

// `npm run bench:comments [-- <size> [kind]]`: what a scan, and docs, cost where a comment repeats something that many
// times, twice and four times as often. Costs that grow with the size double from column to column.
const size = wholeNumber(process.argv[2] ?? '15000', 'number of comments');
const only = process.argv[3];
const tree = 'invalidate-mappings';
const core = Object.fromEntries(
  coreFiles.map((path) => [path, readFileSync(join(fixturesFolder, tree, path), 'utf8')]),
);
const driver = 'drivers/example/example.c';
const header = 'include/linux/dma-buf.h';

type Files = Readonly<Record<string, string>>;

const inDriver = (text: string): Files => ({
  ...core,
  [driver]: `#include <linux/dma-buf.h>\n${text}\nint ex(struct dma_buf *b)\n{\n\treturn dma_buf_pin(b);\n}\n`,
});

/** Trees by what is repeated in them. */
const kinds: Readonly<Record<string, (times: number) => Files>> = {
  blank: (times) => inDriver(`/* dma_buf x${' '.repeat(times)}y */`),
  star: (times) => inDriver(`/* dma_buf ${'*'.repeat(times)} x */`),
  backslash: (times) => inDriver(`/* dma_buf */${'\\'.repeat(times)}\n/* x */`),
  'stale name on one line': (times) => inDriver(`/* ${'move_notify '.repeat(times)} */`),
  'stale name on lines': (times) => inDriver(`/*\n${' * dma_buf_move_notify()\n'.repeat(times)} */`),
  'gone function': (times) => inDriver(`/* ${'dma_buf_kmap() '.repeat(times)} */`),
  'suppression with blanks': (times) =>
    inDriver(`/* dma_buf dmabuf-lint: */\n/* dmabuf-lint:${' '.repeat(times)}ignore x */`),
  'suppression with stars': (times) => inDriver(`/* dma_buf */\n/* dmabuf-lint: ignore ${'*'.repeat(times)} x */`),
  'suppression with rules': (times) =>
    inDriver(`/* dma_buf dmabuf-lint: ignore */\n/* dmabuf-lint: ignore ${'pin-leak, '.repeat(times)} -- x */`),
  suppressions: (times) => inDriver(`/* dma_buf */\n${'/* dmabuf-lint: ignore pin-leak -- x */\n'.repeat(times)}`),
  'suppressions in one statement': (times) =>
    inDriver(`int x = /* dma_buf */\n${'/* dmabuf-lint: ignore pin-leak -- x */\n1 +\n'.repeat(times)}1;`),
  'open kernel-doc': (times) => ({ ...core, [header]: `${core[header]}\n/* ${'/** '.repeat(times)}` }),
  'parameters in kernel-doc': (times) => ({
    ...core,
    [header]: `/**\n * dma_buf_odd - x\n${Array.from({ length: times }, (_, n) => ` * @a${n}: x\n`).join('')} */\nint dma_buf_odd(int a);\n${core[header]}`,
  }),
  'lines in MAINTAINERS': (times) => ({
    ...core,
    MAINTAINERS: `DMA BUFFER SHARING FRAMEWORK\nM:\tX <x@example.org>\n${'F:\tDocumentation/driver-api/dma-buf.rst\n'.repeat(times)}\n`,
    'Documentation/driver-api/MAINTAINERS': '',
  }),
};

async function seconds(files: Files): Promise<readonly [scan: number, docs: number]> {
  const started = performance.now();
  await lintTree(openMemory('growth', files), rules, defaultConfig);
  const scanned = performance.now();
  planDocumentation(await buildContract(openMemory('growth', files)));
  return [(scanned - started) / 1000, (performance.now() - scanned) / 1000];
}

process.stdout.write(
  `| ${size} times | scan 1x | 2x | 4x | docs 1x | 2x | 4x |\n| --- | --- | --- | --- | --- | --- | --- |\n`,
);
await seconds(core); // loads what there is to load
for (const [kind, make] of Object.entries(kinds)) {
  if (only !== undefined && !kind.startsWith(only)) continue;
  const costs: (readonly [number, number])[] = [];
  for (const factor of [1, 2, 4]) costs.push(await seconds(make(size * factor)));
  const cells = [0, 1].flatMap((stage) => costs.map((cost) => (cost[stage] ?? 0).toFixed(2)));
  process.stdout.write(`| ${kind} | ${cells.join(' | ')} |\n`);
}
