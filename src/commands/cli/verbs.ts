import { severities } from '../../lint/finding.js';
import type { BatchOptions } from '../batch/batch.js';
import type { MergeOptions } from '../batch/merge.js';
import type { DocsOptions } from '../docs/docs.js';
import { docsFormats, matrixFormats, mergeFormats, scanFormats, seriesFormats } from '../formats/formats.js';
import type { MatrixOptions } from '../matrix/matrix.js';
import type { ExplainOptions } from '../rules/explain.js';
import type { RulesOptions } from '../rules/rules.js';
import type { BaselineOptions } from '../scan/baseline.js';
import type { ScanOptions } from '../scan/scan.js';
import type { SeriesOptions } from '../series/series.js';
import type { SetupOptions } from '../setup/setup.js';
import type { Job } from '../supervise/job.js';
import { shells, type Verb, type VerbArgument, type VerbOption } from './verb.js';

const tree: VerbArgument = { usage: '[tree]', description: 'top of an unpacked kernel tree', default: '.' };

const config: VerbOption = {
  usage: '-c, --config <file>',
  description: 'configuration (default: dmabuf-lint.json in the tree)',
};

const noCache: VerbOption = { usage: '--no-cache', description: 'neither read nor write the cache' };

const output: VerbOption = {
  usage: '-o, --output <file>',
  description:
    'write the output of --format to a file, and text to the terminal; with <format>=<file>, write one more format (repeatable)',
  isRepeatable: true,
};

const staged: VerbOption = {
  usage: '--staged',
  description: 'judge what is staged in git, not the files of the work tree',
  default: false,
};

const revision: VerbOption = {
  usage: '--revision <revision>',
  description: 'judge a git revision, which need not be checked out; the repository may be bare',
};

const failOn: VerbOption = {
  usage: '--fail-on <severity>',
  description: 'least severity that makes the exit code 1',
  choices: severities,
  default: 'error',
};

const format = (choices: readonly string[]): VerbOption => ({
  usage: '-f, --format <format>',
  description: 'output format (default: text on a terminal, gcc otherwise)',
  choices,
});

/** The verbs, in the order in which the help lists them. The rows hold no code: each loads its own when it is called. */
export const verbs: readonly Verb[] = [
  {
    name: 'scan',
    description: 'list the importers and exporters of a tree, and report violations of the contract',
    arguments: [
      {
        usage: '[path...]',
        description:
          'a kernel tree, or files and folders in one, whose tree is found upwards (default: the current folder)',
      },
    ],
    examples: [
      'scan ~/src/linux',
      'scan drivers/infiniband/hw/efa',
      'scan --rule pin-leak --severity error',
      'scan --since origin/master --output sarif=out.sarif',
      'scan --kernel /lib/modules/$(uname -r)/build ~/src/my-module',
    ],
    options: [
      format(scanFormats),
      output,
      config,
      failOn,
      { usage: '-r, --rule <rule>', description: 'show only findings of this rule (repeatable)', isRepeatable: true },
      { usage: '--severity <severity>', description: 'show only findings at least this bad', choices: severities },
      { usage: '-q, --quiet', description: 'show findings only: no inventory, no summary', default: false },
      {
        usage: '--kernel <folder>',
        description: 'the kernel, or its headers, that a module outside of its tree is for',
      },
      {
        usage: '--whole',
        description: 'analyse the whole tree, not only the code around the files that are named or changed',
        default: false,
      },
      {
        usage: '--baseline <file>',
        description: 'leave out the findings of a baseline (default: the one that the configuration names)',
      },
      { usage: '--no-baseline', description: 'leave out nothing, even if the configuration names a baseline' },
      { usage: '--since <revision>', description: 'report only findings that are new since a git revision' },
      staged,
      revision,
      noCache,
      {
        usage: '--explain-path <file:function>',
        description: 'print what a function takes and releases on each of its paths',
      },
      { usage: '--fix', description: 'change the tree where a fix is certain, and report the rest', default: false },
      {
        usage: '--fix-patch [path]',
        description: 'write the fixes as patches to a file, a folder or standard output',
      },
      { usage: '--signoff', description: 'add your Signed-off-by to the patches of --fix-patch', default: false },
      { usage: '--strict', description: 'exit with 3 if some code could not be analysed', default: false },
    ],
    // An earlier run may have the answer: the verb itself sees whether there is anything to hand over.
    load: async () => {
      const { scan } = await import('../scan/scan.js');
      return ({ args, options, listed }: Job<ScanOptions>, context) => scan(args, options, context, listed);
    },
  },
  {
    name: 'baseline',
    description: 'record the findings of a tree, so that later scans report only new ones',
    arguments: [tree],
    examples: ['baseline', 'baseline ~/src/linux --output known.jsonl'],
    options: [
      {
        usage: '-o, --output <file>',
        description:
          'the baseline (default: the one that the configuration names, or dmabuf-lint-baseline.jsonl in the tree)',
      },
      config,
      noCache,
    ],
    isSupervised: true,
    load: async () => {
      const { baseline } = await import('../scan/baseline.js');
      return ({ args: [folder = '.'], options }: Job<BaselineOptions>, context) => baseline(folder, options, context);
    },
  },
  {
    name: 'series',
    description: 'check each patch of a series on its own tree, and the series as a whole',
    arguments: [
      {
        usage: '[series...]',
        description: "a range (base..topic), mailboxes, folders or files of patches, or '-' for standard input",
      },
    ],
    examples: [
      'series',
      'series v7.3..topic',
      'series 0001-*.patch --tree ~/src/linux --base v7.3',
      'b4 am -o - <message-id> | dmabuf-lint series -',
      'series thread.mbox --revision v3',
    ],
    options: [
      { usage: '--tree <folder>', description: 'the kernel: a git repository or an unpacked tree', default: '.' },
      {
        usage: '--revision <vN>',
        description: 'the revision of the series to judge, if the mails hold several (default: the newest)',
      },
      {
        usage: '--subject <words>',
        description: 'the series to judge, by a title in it, if the mails hold several (default: the first)',
      },
      {
        usage: '--message-id <id>',
        description: 'the series to judge, by any mail of it, or the address of one at lore.kernel.org',
      },
      {
        usage: '--base <revision>',
        description: 'the revision to apply mails to (default: their base-commit, or HEAD)',
      },
      {
        usage: '--merge-with <series>',
        description: 'another queued series, a range or a mailbox, to put this one on top of',
      },
      format(seriesFormats),
      output,
      config,
      failOn,
      { usage: '--all', description: 'also show findings that were there before', default: false },
      {
        usage: '--whole',
        description: 'analyse the whole tree, not only the code that the series can change the result for',
        default: false,
      },
      {
        usage: '--strict',
        description: 'exit with 3 if a patch adds code that could not be analysed',
        default: false,
      },
      noCache,
    ],
    isSupervised: true,
    load: async () => {
      const { series } = await import('../series/series.js');
      return ({ args, options }: Job<SeriesOptions>, context) => series(args, options, context);
    },
  },
  {
    name: 'batch',
    description: 'run many scans, series and matrices, and keep the result of each',
    arguments: [{ usage: '<jobs>', description: 'a file with one job, a JSON object, in a line' }],
    examples: ['batch jobs.jsonl --output results', 'batch jobs.jsonl --output results --shard 3/8'],
    options: [
      {
        usage: '-o, --output <folder>',
        description: 'folder for the results, required; a job that is done there is skipped',
      },
      { usage: '--shard <part>', description: 'run only a part of the jobs: 3/8 is the third of eight' },
      { usage: '-j, --jobs <number>', description: 'how many run at the same time (default: half of the processors)' },
      { usage: '--again', description: 'run all jobs again', default: false },
    ],
    load: async () => {
      const { batch } = await import('../batch/batch.js');
      return ({ args: [file = ''], options }: Job<BatchOptions>, context) => batch(file, options, verbs, context);
    },
  },
  {
    name: 'merge',
    description: 'put the results of batches together',
    arguments: [{ usage: '<folder...>', description: 'folders that batch has written' }],
    examples: ['merge results --output all.json', 'merge shard-* --format sarif --output all.sarif'],
    options: [
      { usage: '-f, --format <format>', description: 'output format', choices: mergeFormats, default: 'text' },
      { usage: '-o, --output <file>', description: 'write to a file' },
    ],
    load: async () => {
      const { merge } = await import('../batch/merge.js');
      return ({ args, options }: Job<MergeOptions>, context) => merge(args, options, context);
    },
  },
  {
    name: 'docs',
    description: 'write the documentation of the contract as patches, or report what of it is stale',
    arguments: [tree],
    examples: ['docs ~/src/linux --out patches', 'docs --check'],
    options: [
      { usage: '--out <folder>', description: 'folder for the pages and the patches (default: docs-out)' },
      { usage: '--write', description: 'change the tree itself', default: false },
      {
        usage: '--check',
        description: 'write nothing: report what is stale, and exit with 1 if anything is',
        default: false,
      },
      {
        usage: '-f, --format <format>',
        description: 'format of what --check finds (default: text)',
        choices: docsFormats,
      },
      output,
      { usage: '--no-tables', description: 'leave out the page that lists the drivers' },
      { usage: '--signoff', description: 'add your Signed-off-by to the patches', default: false },
      { usage: '--link <url>', description: 'add a Link line to the changelogs (repeatable)', isRepeatable: true },
      config,
    ],
    isSupervised: true,
    load: async () => {
      const { docs } = await import('../docs/docs.js');
      return ({ args: [folder = '.'], options }: Job<DocsOptions>, context) => docs(folder, options, context);
    },
  },
  {
    name: 'matrix',
    description:
      'show which importer may attach to which exporter, and what happens when the exporter takes its memory back',
    arguments: [tree],
    examples: ['matrix', 'matrix --format html --output matrix.html', 'matrix --against v6.12'],
    options: [
      { usage: '-f, --format <format>', description: 'output format', choices: matrixFormats, default: 'text' },
      { usage: '-o, --output <file>', description: 'write the table to a file' },
      {
        usage: '--against <tree|revision>',
        description: 'show what differs from another tree or from a revision of this one',
      },
      staged,
      revision,
      { usage: '--trace', description: 'as text, show every step that leads to a verdict', default: false },
      config,
    ],
    isSupervised: true,
    load: async () => {
      const { matrix } = await import('../matrix/matrix.js');
      return ({ args: [folder = '.'], options }: Job<MatrixOptions>, context) => matrix(folder, options, context);
    },
  },
  {
    name: 'kbuild',
    description: 'check the file that make compiles: make C=2 CHECK="dmabuf-lint kbuild" drivers/...',
    arguments: [{ usage: '[arguments...]', description: "the compiler's flags and the file, as make passes them" }],
    examples: ['make C=2 CHECK="dmabuf-lint kbuild" drivers/gpu/drm/xe/'],
    options: [],
    takesUnknownOptions: true,
    load: async () => {
      const { kbuild } = await import('../kbuild/kbuild.js');
      return ({ args }, context) => kbuild(args, context);
    },
  },
  {
    name: 'lsp',
    description: 'serve an editor as a language server on standard input and output',
    arguments: [],
    examples: ['lsp', 'lsp --kernel /lib/modules/$(uname -r)/build'],
    options: [
      {
        usage: '--stdio',
        description: 'accepted because many editors pass it; the server does this in any case',
        default: true,
      },
      {
        usage: '--kernel <folder>',
        description: 'the kernel, or its headers, that modules outside of any tree are for',
      },
    ],
    load: async () => {
      const { languageServer } = await import('../lsp/lsp.js');
      return ({ options }, context) => languageServer(options, context);
    },
  },
  {
    name: 'rules',
    description: 'list the rules',
    arguments: [],
    examples: ['rules', 'rules --format json'],
    options: [
      { usage: '-f, --format <format>', description: 'output format', choices: ['text', 'json'], default: 'text' },
    ],
    load: async () => {
      const { listRules } = await import('../rules/rules.js');
      return ({ options }: Job<RulesOptions>, { terminal }) => listRules(options, terminal);
    },
  },
  {
    name: 'explain',
    description: 'print the page of a rule: what it checks, why, examples, how to fix it',
    arguments: [{ usage: '<rule>' }],
    examples: ['explain pin-leak', 'explain PIN_LEAK'],
    options: [{ usage: '--full', description: 'whole examples, and what the rule does not see', default: false }],
    load: async () => {
      const { explainRule } = await import('../rules/explain.js');
      return ({ args: [rule = ''], options }: Job<ExplainOptions>, { terminal }) =>
        explainRule(rule, options, terminal);
    },
  },
  {
    name: 'completion',
    description: 'print the completion script of a shell',
    arguments: [{ usage: '<shell>', choices: shells }],
    examples: ['source <(dmabuf-lint completion bash)'],
    options: [],
    load: async () => {
      const [{ completionScript }, { setupNames }, { buildProgram }, { rules }] = await Promise.all([
        import('../setup/completion.js'),
        import('../setup/setup.js'),
        import('./program.js'),
        import('../../../rules/index.js'),
      ]);
      const words = { rule: rules.map(({ id }) => id), name: setupNames };
      return ({ args: [shell = ''] }, { terminal }) => {
        terminal.write(completionScript(shell, buildProgram(verbs), words));
        return 0;
      };
    },
  },
  {
    name: 'setup',
    description: 'print the configuration for a CI system or an editor, ready to copy; without a name, list them',
    arguments: [{ usage: '[name]' }],
    examples: [
      'setup',
      'setup pre-commit > .git/hooks/pre-commit',
      'setup gitlab --from https://example.org/dmabuf-lint.git#0123456789abcdef0123456789abcdef01234567',
    ],
    options: [
      {
        usage: '--from <source>',
        description:
          'where CI installs the tool from, pinned: <git url>#<commit>, <url>.tgz#sha256=<digest>, <registry>#<name>@<version>',
      },
    ],
    load: async () => {
      const { printSetup } = await import('../setup/setup.js');
      return ({ args: [name], options }: Job<SetupOptions>, { terminal }) => printSetup(name, options, terminal);
    },
  },
];
