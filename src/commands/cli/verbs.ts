import { severities } from '../../lint/finding.js';
import type { DocsOptions } from '../docs/docs.js';
import { matrixFormats, scanFormats, seriesFormats } from '../formats/formats.js';
import type { MatrixOptions } from '../matrix/matrix.js';
import type { BaselineOptions } from '../scan/baseline.js';
import type { ScanOptions } from '../scan/scan.js';
import type { SeriesOptions } from '../series/series.js';
import type { Job } from '../supervise/job.js';
import type { Verb, VerbArgument, VerbOption } from './verb.js';

const tree: VerbArgument = { usage: '[tree]', description: 'top of an unpacked kernel tree', default: '.' };

const config: VerbOption = {
  usage: '--config <file>',
  description: 'configuration (default: dmabuf-lint.json in the tree)',
};

const noCache: VerbOption = { usage: '--no-cache', description: 'neither use nor keep what earlier runs found' };

const output: VerbOption = {
  usage: '--output <file>',
  description:
    'write what --format says to a file, and text to the terminal; with <format>=<file>, one more format (repeatable)',
  isRepeatable: true,
};

const failOn: VerbOption = {
  usage: '--fail-on <severity>',
  description: 'exit with 1 from this severity on',
  choices: severities,
  default: 'error',
};

const format = (choices: readonly string[]): VerbOption => ({
  usage: '--format <format>',
  description: 'how to print (default: text on a terminal, gcc otherwise)',
  choices,
});

/** The verbs, in the order in which the help lists them. The rows hold no code: each loads its own when it is called. */
export const verbs: readonly Verb[] = [
  {
    name: 'scan',
    description: 'list every importer and exporter of a tree, and report what breaks the contract',
    arguments: [tree],
    options: [
      format(scanFormats),
      output,
      config,
      failOn,
      {
        usage: '--baseline <file>',
        description: 'leave out the findings of a baseline (default: what the configuration names)',
      },
      { usage: '--no-baseline', description: 'leave out nothing, whatever the configuration names' },
      { usage: '--since <revision>', description: 'report only what is new since a revision of git' },
      noCache,
      {
        usage: '--explain-path <file:function>',
        description: 'tell what a function takes and releases on each of its paths',
      },
      { usage: '--fix', description: 'change the tree where a fix is sure, and report what is left', default: false },
      {
        usage: '--fix-patch [path]',
        description: 'write the fixes as patches, to a file, a folder or standard output',
      },
      { usage: '--strict', description: 'exit with 3 where something could not be analysed', default: false },
    ],
    // An earlier run may have the answer: the verb itself sees whether there is anything to hand over.
    load: async () => {
      const { scan } = await import('../scan/scan.js');
      return ({ args: [folder = '.'], options, listed }: Job<ScanOptions>, context) =>
        scan(folder, options, context, listed);
    },
  },
  {
    name: 'baseline',
    description: 'write down the findings of a tree, so that later scans report only what is new',
    arguments: [tree],
    options: [
      {
        usage: '--output <file>',
        description: 'the baseline (default: what the configuration names, or dmabuf-lint-baseline.jsonl in the tree)',
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
    description: 'tell what each patch of a series does to the contract, and what would break a bisection',
    arguments: [
      {
        usage: '[series...]',
        description: "a range (base..topic), mailboxes, folders or files of patches, or '-' for standard input",
      },
    ],
    options: [
      { usage: '--tree <folder>', description: 'the kernel: a git repository, or an unpacked tree', default: '.' },
      {
        usage: '--base <revision>',
        description: 'what mails are applied to (default: their base-commit, or HEAD)',
      },
      {
        usage: '--merge-with <series>',
        description: 'another queued series, a range or a mailbox, that this one has to live with',
      },
      format(seriesFormats),
      output,
      config,
      failOn,
      { usage: '--all', description: 'also show what was there before', default: false },
      {
        usage: '--strict',
        description: 'exit with 3 where a patch made something that could not be analysed',
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
    name: 'docs',
    description: 'write the documentation of the contract for a tree, as patches, or tell what of it is stale',
    arguments: [tree],
    options: [
      { usage: '--out <folder>', description: 'where the page and the patches are put (default: docs-out)' },
      { usage: '--write', description: 'change the tree itself instead', default: false },
      {
        usage: '--check',
        description: 'write nothing: name what is stale, and exit with 1 if anything is',
        default: false,
      },
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
    description: 'show which importer may attach to which exporter, and what happens when that takes its memory back',
    arguments: [tree],
    options: [
      { usage: '--format <format>', description: 'how to show it', choices: matrixFormats, default: 'text' },
      { usage: '--output <file>', description: 'write it to a file' },
      {
        usage: '--against <tree|revision>',
        description: 'show what differs from another tree, or from a revision of this one',
      },
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
    arguments: [{ usage: '[arguments...]', description: "the compiler's flags and the file, as make gives them" }],
    options: [],
    takesUnknownOptions: true,
    load: async () => {
      const { kbuild } = await import('../kbuild/kbuild.js');
      return ({ args }, context) => kbuild(args, context);
    },
  },
  {
    name: 'lsp',
    description: 'serve an editor on standard input and output: diagnostics, hovers, code lenses and code actions',
    arguments: [],
    options: [{ usage: '--stdio', description: 'as many editors say: it serves nothing else', default: true }],
    load: async () => {
      const { languageServer } = await import('../lsp/lsp.js');
      return (_, context) => languageServer(context);
    },
  },
  {
    name: 'rules',
    description: 'list the rules',
    arguments: [],
    options: [],
    load: async () => {
      const { listRules } = await import('../rules/rules.js');
      return (_, { terminal }) => listRules(terminal);
    },
  },
  {
    name: 'explain',
    description: "print a rule's page: what it checks, why, examples, how to fix",
    arguments: [{ usage: '<rule>' }],
    options: [],
    load: async () => {
      const { explainRule } = await import('../rules/explain.js');
      return ({ args: [rule = ''] }, { terminal }) => explainRule(rule, terminal);
    },
  },
  {
    name: 'completion',
    description: 'print the completion script of a shell',
    arguments: [{ usage: '<shell>', choices: ['bash', 'zsh', 'fish'] }],
    options: [],
    load: async () => {
      const [{ completionScript }, { buildProgram }, { rules }] = await Promise.all([
        import('../setup/completion.js'),
        import('./program.js'),
        import('../../../rules/index.js'),
      ]);
      const ruleIds = rules.map(({ id }) => id);
      return ({ args: [shell = ''] }, { terminal }) => {
        terminal.write(completionScript(shell, buildProgram(verbs), ruleIds));
        return 0;
      };
    },
  },
  {
    name: 'setup',
    description:
      'print what brings findings to a CI system or an editor, ready to copy; without a name, list what there is',
    arguments: [{ usage: '[name]' }],
    options: [],
    load: async () => {
      const { printSetup } = await import('../setup/setup.js');
      return ({ args: [name] }, { terminal }) => printSetup(name, terminal);
    },
  },
];
