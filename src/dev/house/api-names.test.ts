import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  apiRows,
  blockingFunctions,
  callbackNames,
  directionNames,
  dmaBufCore,
  dmaBufHeader,
  errorConversions,
  exporterOpsTag,
  fenceUsages,
  freeFunctions,
  importerOpsTag,
  kref,
  lockFunctions,
  predicates,
  queueingFunctions,
  reservationHeader,
  workInitialisers,
} from '../../kernel/index.js';
import { type Literal, literalsIn } from './literals.js';

const top = fileURLToPath(new URL('../../../../', import.meta.url));

/** Floors below src/kernel cannot ask it, and src/dev builds and edits kernels. */
const outside = ['src/base/', 'src/input/', 'src/c/', 'src/program/', 'src/kernel/', 'src/dev/'];

/** Every name that a table of src/kernel has a row for. */
const known: ReadonlySet<string> = new Set([
  ...apiRows.map(({ name }) => name),
  ...lockFunctions.keys(),
  ...predicates.keys(),
  ...errorConversions.keys(),
  ...freeFunctions,
  ...queueingFunctions.keys(),
  ...workInitialisers,
  ...blockingFunctions.keys(),
  ...directionNames,
  ...fenceUsages.map(({ constant }) => constant),
  ...callbackNames,
  ...Object.values(kref),
  ...[dmaBufCore, dmaBufHeader, reservationHeader, importerOpsTag, exporterOpsTag],
]);

/** Parts of names by which a regular expression is seen to be about functions or structs of the kernel. */
const families = [
  ...['dma_buf', 'dma_resv', 'dma_fence', 'dma_map', 'DMA_[A-Z]', 'move_notify', 'invalidate_mappings', 'importer_'],
  ...['IS_ERR', 'PTR_ERR', 'ERR_', 'NULL', 'likely', 'WARN', 'READ_ONCE', 'WRITE_ONCE', 'KUNIT'],
  ...['kref', 'refcount', 'percpu', 'atomic', 'mutex', 'spin', 'rcu', 'completion', 'wait_', 'schedule', 'INIT_'],
  ...[
    'malloc',
    'zalloc',
    'free',
    'destroy',
    'release',
    'list_',
    'unlock',
    'reserve',
    'drm_',
    'ttm_',
    'iommu',
    'container_of',
  ],
];
const family = new RegExp(families.join('|'));

/** What may stay where it is, and why. A part of the literal is enough. */
const exceptions: readonly { readonly file: string; readonly part: string; readonly why: string }[] = [
  {
    file: 'src/commands/fix/subject-prefix.ts',
    part: '^drivers',
    why: 'the folders of DRM, by which subject lines begin',
  },
  { file: 'src/commands/lsp/scope.ts', part: '^include', why: 'the headers that an editor needs first' },
  { file: 'src/docs/compile/references.ts', part: '^(dma_buf', why: 'a reference in a page' },
  { file: 'src/flow/callers/documented-locking.ts', part: '\\bheld\\b', why: 'sentences of comments' },
  {
    file: 'src/flow/locks/convention.ts',
    part: 'callbacks? (?:are|is)',
    why: "sentences of the tree's own convention",
  },
  { file: 'rules/contract-change-undocumented/rule.ts', part: 'optional|NULL', why: 'words of comments and pages' },
  { file: 'rules/revoke-unchecked/fix.ts', part: 'map_dma_buf', why: 'the text of an ops table, for its layout' },
];

function complaintsIn(path: string, text: string): readonly string[] {
  const isExcepted = (literal: Literal): boolean =>
    exceptions.some(({ file, part }) => file === path && literal.text.includes(part));
  return literalsIn(text)
    .filter((literal) => !isExcepted(literal))
    .flatMap(({ kind, text: content, line }): string[] => {
      if (kind === 'string' && known.has(content)) return [`${path}:${line}: '${content}' has a row in src/kernel`];
      if (kind === 'pattern' && family.test(content)) return [`${path}:${line}: /${content}/ belongs to src/kernel`];
      return [];
    });
}

function sourceFiles(): readonly string[] {
  return ['src', 'rules']
    .flatMap((folder) =>
      readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        posix.join(folder, file.split(sep).join('/')),
      ),
    )
    .filter((path) => path.endsWith('.ts') && !/\.(?:kernel-)?test\.ts$/.test(path))
    .filter((path) => !outside.some((folder) => path.startsWith(folder)));
}

describe('what is known of the kernel', () => {
  it('stands in src/kernel only', () => {
    const paths = sourceFiles();
    assert.ok(paths.length > 200);
    assert.deepEqual(
      paths.flatMap((path) => complaintsIn(path, readFileSync(join(top, path), 'utf8'))),
      [],
    );
  });

  it('has no exception that nothing needs', () => {
    const unused = exceptions.filter(
      ({ file, part }) => !literalsIn(readFileSync(join(top, file), 'utf8')).some(({ text }) => text.includes(part)),
    );
    assert.deepEqual(unused, []);
  });
});

describe('a file elsewhere', () => {
  const path = 'src/flow/example.ts';

  for (const text of [
    "if (name === 'dma_buf_pin') return;",
    "const waits = ['dma_resv_lock'];",
    "const core = 'drivers/dma-buf/dma-buf.c';",
    'const waits = /^dma_resv_wait_\\w+$/;',
    'return /^(?:kfree|vfree)$/.test(name);',
    'if (/\\bIS_ERR/.test(body)) return;',
  ])
    it(`must not say ${text}`, () => assert.equal(complaintsIn(path, text).length, 1));

  for (const text of [
    '// dma_buf_pin() comes first.',
    'const message = `it is called before dma_buf_pin()`;',
    "const message = 'dma_buf_fd() may fail';",
    'const digits = /^\\d+$/;',
  ])
    it(`may say ${text}`, () => assert.deepEqual(complaintsIn(path, text), []));
});
