import type { Judgement, Verdict } from './judgement.js';
import { type Series, versionsRead } from './reading.js';
import { matrixReadings } from './readings-matrix.js';
import { type UnseenTree, unseenTrees } from './unseen-trees.js';
import { judgements } from './validation.js';

const series = Object.keys(versionsRead) as readonly Series[];
const verdicts: readonly Verdict[] = ['true', 'false', 'unclear'];

/** docs-out/validation.md: every error and warning on real kernels, with the verdict of a reader of the source. */
export function validationMarkdown(): string {
  const versions = series.map((tree) => versionsRead[tree]).join(', ');
  const sections = [
    '# Validation',
    `Every finding of error or warning level on Linux ${versions} (Debian's sources), each read in the source of its tree. The kernel tests hold every scan against this list, so that a new finding fails them until somebody has read it.`,
    '## Totals',
    ...totals(),
    '## The findings',
    findingsTable(),
    '## Drivers that the tool had not seen',
    'Vendor kernels, and plain kernels of versions that are not in the list above, scanned for the first time in November 2026; every error at high confidence in the drivers that they add was read in the source before anything was changed. An error that the list or an earlier row has, too, is not counted again. What the first reading found wrong was mended before the second one. What was wrong has been mended since where nothing else is said, with a fixture for each kind, so that these trees no longer measure anything.',
    unseenTable(),
    '## The negotiation table',
    'What comes of each importer with the exporters that matter most, read in the source; the kernel tests hold the table against it.',
    ...negotiationTables(),
    '## Known, and not found',
    'Real defects that a reading without the tool found in the same trees, and that no rule reports:',
    notFound.map((line) => `- ${line}`).join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

function totals(): readonly string[] {
  const errorsAtHigh = judgements.filter(({ severity, confidence }) => severity === 'error' && confidence === 'high');
  const inTree = (tree: Series) => judgements.filter(({ trees }) => trees.includes(tree));
  const ofRule = (rule: string) => judgements.filter((one) => one.rule === rule);
  const rules = [...new Set(judgements.map(({ rule }) => rule))].sort();
  return [
    table(
      ['tree', 'findings', ...verdicts],
      series.map((tree) => [tree, ...counts(inTree(tree), 1)]),
    ),
    table(
      ['what', 'findings', ...verdicts, 'true'],
      [
        ['errors at high confidence', ...counts(errorsAtHigh), share(errorsAtHigh)],
        ['all errors and warnings', ...counts(judgements), share(judgements)],
      ],
    ),
    table(
      ['rule', 'findings', ...verdicts],
      rules.map((rule) => [`\`${rule}\``, ...counts(ofRule(rule))]),
    ),
    'A finding that stands in several trees counts once for each.',
  ];
}

function findingsTable(): string {
  return table(
    ['trees', 'file', 'where', 'rule', 'level', 'verdict', 'why'],
    judgements.map((one) => [
      one.trees.join(', '),
      one.file,
      `${one.where}${one.times > 1 ? ` (${one.times} findings)` : ''}`,
      `\`${one.rule}\``,
      `${one.severity}, ${one.confidence}`,
      one.verdict,
      one.why,
    ]),
  );
}

function unseenTable(): string {
  const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
  const totalOf = (name: string, rows: readonly UnseenTree[]): readonly string[] => {
    const [errors, right] = [sum(rows.map((one) => one.errors)), sum(rows.map((one) => one.true))];
    return [name, '', '', `${errors}`, `${right} (${Math.round((100 * right) / errors)} %)`, ''];
  };
  return table(
    ['reading', 'source package', 'drivers of', 'errors at high confidence', 'true', 'what was wrong'],
    [
      ...unseenTrees.map((one) => [`${one.round}`, one.source, one.drivers, `${one.errors}`, `${one.true}`, one.wrong]),
      ...[1, 2].map((round) =>
        totalOf(
          `all of ${round}`,
          unseenTrees.filter((one) => one.round === round),
        ),
      ),
    ],
  );
}

function negotiationTables(): readonly string[] {
  return Object.entries(matrixReadings).flatMap(([version, { exporters, rows, because }]) => [
    `### Linux ${version}`,
    table(
      ['importer', ...exporters],
      Object.entries(rows).map(([name, verdicts]) => [`\`${name}\``, ...verdicts]),
    ),
    Object.entries(because)
      .map(([name, why]) => `- \`${name}\`: ${why}`)
      .join('\n'),
  ]);
}

const notFound: readonly string[] = [
  '`videobuf2-core.c`, `__prepare_dmabuf()`: references of later planes are lost when an attach or a map fails. The elements of an array are told apart by their index only.',
  '`compress_offload.c`, `snd_compr_task_free()` with `fsl_asrc_m2m.c`: a field that holds an error pointer is tested for NULL by another function. Results that are stored and used elsewhere are not followed.',
  '`mbochs.c`, `mbochs_get_gfx_dmabuf()`: a second descriptor for a cached buffer without a reference of its own. What a structure holds is not counted.',
  '`omap_gem.c`, `omap_gem_free_object()`: mapped to the device, unmapped in both directions by `drm_prime_gem_destroy()`. The table passes through the GEM object.',
  '`umem_dmabuf.c`, `ib_umem_dmabuf_get_pinned_and_lock()` on 7.3: a pin that a revocation during the pin leaves behind. That needs two threads.',
  '`amdgpu_object.c`, `amdgpu_bo_create_isp_user()` and others that test the result of a wrapper for NULL: the wrapper is known, but not that it answers with an error.',
];

function counts(list: readonly Judgement[], trees?: number): readonly string[] {
  const number = (some: readonly Judgement[]): number =>
    some.reduce((sum, one) => sum + one.times * (trees ?? one.trees.length), 0);
  return [
    String(number(list)),
    ...verdicts.map((verdict) => String(number(list.filter((one) => one.verdict === verdict)))),
  ];
}

function share(list: readonly Judgement[]): string {
  const [whole = '0', right = '0'] = counts(list);
  return `${Math.round((100 * Number(right)) / Number(whole))} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
