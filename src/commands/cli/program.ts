import { Argument, Command, Option } from 'commander';
import { isWatched } from '../../base/parsing-watch.js';
import { severities } from '../../lint/finding.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import type { DocsOptions } from '../docs/docs.js';
import type { MatrixOptions } from '../matrix/matrix.js';
// Commands are loaded when they are called: what one needs, another should not wait for.
import type { BaselineOptions } from '../scan/baseline.js';
import type { ScanOptions } from '../scan/scan.js';
import type { SeriesOptions } from '../series/series.js';
import { matrixFormats, scanFormats, seriesFormats } from './format-names.js';
import type { Terminal } from './terminal.js';
import { toolVersion } from './version.js';

/** `--output <file>` and `--output <format>=<file>`, as often as there are files to write. */
function outputOption(): Option {
  return new Option(
    '--output <file>',
    'write what --format says to a file, and text to the terminal; with <format>=<file>, one more format (repeatable)',
  ).argParser((value: string, former: readonly string[] | undefined) => [...(former ?? []), value]);
}

/** One line, as all errors are: commander puts what it suggests on a second one. */
function usageError(text: string): string {
  const [, what = text, suggested] = /^(?:error: )?([\s\S]*?)(?:\n\(Did you mean ([\s\S]*)\?\))?\s*$/.exec(text) ?? [];
  return `dmabuf-lint: ${escapeForTerminal(suggested ? `${what}; did you mean ${suggested}?` : what)}\n`;
}

/** Does the work of a command in a process of its own, which the parser may crash. */
async function apart(terminal: Terminal, work: () => Promise<number>): Promise<void> {
  if (isWatched) {
    const { handedOver } = await import('./supervise.js');
    await handedOver();
    process.exitCode = await work();
  } else {
    const { canBeSupervised, supervise } = await import('./supervise.js');
    process.exitCode = canBeSupervised() ? await supervise(terminal) : await work();
  }
}

/**
 * What the program takes: its commands, their arguments and options. The man page is made of it as well.
 * @param terminal where the commands write to
 */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('dmabuf-lint')
    .description('check the contract between dma-buf importers and exporters in a Linux kernel tree')
    .version(toolVersion())
    .option('--profile', 'with every command: tell on standard error where the time went')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(usageError(text)) });
  program
    .command('scan')
    .description('list every importer and exporter of a tree, and report what breaks the contract')
    .argument('[tree]', 'top of an unpacked kernel tree', '.')
    .addOption(
      new Option('--format <format>', 'how to print (default: text on a terminal, gcc otherwise)').choices(scanFormats),
    )
    .addOption(outputOption())
    .option('--config <file>', 'configuration (default: dmabuf-lint.json in the tree)')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on').choices(severities).default('error'),
    )
    .option('--baseline <file>', 'leave out the findings of a baseline (default: what the configuration names)')
    .option('--no-baseline', 'leave out nothing, whatever the configuration names')
    .option('--since <revision>', 'report only what is new since a revision of git')
    .option('--no-cache', 'neither use nor keep what earlier runs found')
    .option('--explain-path <file:function>', 'tell what a function takes and releases on each of its paths')
    .option('--fix', 'change the tree where a fix is sure, and report what is left', false)
    .option('--fix-patch [path]', 'write the fixes as patches, to a file, a folder or standard output')
    .option('--strict', 'exit with 3 where something could not be analysed', false)
    .action(async (tree: string, options: ScanOptions) => {
      const { scan } = await import('../scan/scan.js');
      // A tree that is known is told of at once.
      process.exitCode = await scan(tree, options, terminal);
    });
  program
    .command('baseline')
    .description('write down the findings of a tree, so that later scans report only what is new')
    .argument('[tree]', 'top of an unpacked kernel tree', '.')
    .option(
      '--output <file>',
      'the baseline (default: what the configuration names, or dmabuf-lint-baseline.jsonl in the tree)',
    )
    .option('--config <file>', 'configuration (default: dmabuf-lint.json in the tree)')
    .option('--no-cache', 'neither use nor keep what earlier runs found')
    .action(async (tree: string, options: BaselineOptions) => {
      await apart(terminal, async () => {
        const { baseline } = await import('../scan/baseline.js');
        return await baseline(tree, options, terminal);
      });
    });
  program
    .command('series')
    .description('tell what each patch of a series does to the contract, and what would break a bisection')
    .argument('[series...]', "a range (base..topic), mailboxes, folders or files of patches, or '-' for standard input")
    .option('--tree <folder>', 'the kernel: a git repository, or an unpacked tree', '.')
    .option('--base <revision>', 'what mails are applied to (default: their base-commit, or HEAD)')
    .option('--merge-with <series>', 'another queued series, a range or a mailbox, that this one has to live with')
    .addOption(
      new Option('--format <format>', 'how to print (default: text on a terminal, gcc otherwise)').choices(
        seriesFormats,
      ),
    )
    .addOption(outputOption())
    .option('--config <file>', 'configuration (default: dmabuf-lint.json in the tree)')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on').choices(severities).default('error'),
    )
    .option('--all', 'also show what was there before', false)
    .option('--strict', 'exit with 3 where a patch made something that could not be analysed', false)
    .option('--no-cache', 'neither use nor keep what earlier runs found')
    .action(async (names: string[], options: SeriesOptions) => {
      await apart(terminal, async () => {
        const { series } = await import('../series/series.js');
        return await series(names, options, terminal);
      });
    });
  program
    .command('docs')
    .description('write the documentation of the contract for a tree, as patches, or tell what of it is stale')
    .argument('[tree]', 'top of an unpacked kernel tree', '.')
    .option('--out <folder>', 'where the page and the patches are put (default: docs-out)')
    .option('--write', 'change the tree itself instead', false)
    .option('--check', 'write nothing: name what is stale, and exit with 1 if anything is', false)
    .option('--config <file>', 'configuration (default: dmabuf-lint.json in the tree)')
    .action(async (tree: string, options: DocsOptions) => {
      await apart(terminal, async () => {
        const { docs } = await import('../docs/docs.js');
        return await docs(tree, options, terminal);
      });
    });
  program
    .command('matrix')
    .description('show which importer may attach to which exporter, and what happens when that takes its memory back')
    .argument('[tree]', 'top of an unpacked kernel tree', '.')
    .addOption(new Option('--format <format>', 'how to show it').choices(matrixFormats).default('text'))
    .option('--output <file>', 'write it to a file')
    .option('--against <tree|revision>', 'show what differs from another tree, or from a revision of this one')
    .option('--trace', 'as text, show every step that leads to a verdict', false)
    .option('--config <file>', 'configuration (default: dmabuf-lint.json in the tree)')
    .action(async (tree: string, options: MatrixOptions) => {
      await apart(terminal, async () => {
        const { matrix } = await import('../matrix/matrix.js');
        return await matrix(tree, options, terminal);
      });
    });
  program
    .command('kbuild')
    .description('check the file that make compiles: make C=2 CHECK="dmabuf-lint kbuild" drivers/...')
    .argument('[arguments...]', "the compiler's flags and the file, as make gives them")
    .allowUnknownOption()
    .action(async (args: string[]) => {
      const { kbuild } = await import('../kbuild/kbuild.js');
      process.exitCode = await kbuild(args, terminal);
    });
  program
    .command('lsp')
    .description('serve an editor on standard input and output: diagnostics, hovers, code lenses and code actions')
    .option('--stdio', 'as many editors say: it serves nothing else', true)
    .action(async () => {
      const { languageServer } = await import('../lsp/lsp.js');
      process.exitCode = await languageServer(terminal);
    });
  program
    .command('rules')
    .description('list the rules')
    .action(async () => {
      const { listRules } = await import('../rules/rules.js');
      process.exitCode = listRules(terminal);
    });
  program
    .command('explain')
    .description("print a rule's page: what it checks, why, examples, how to fix")
    .argument('<rule>')
    .action(async (rule: string) => {
      const { explainRule } = await import('../rules/explain.js');
      process.exitCode = explainRule(rule, terminal);
    });
  program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: string) => {
      const { completionScript } = await import('../setup/completion.js');
      const { rules } = await import('../../../rules/index.js');
      terminal.write(
        completionScript(
          shell,
          program,
          rules.map(({ id }) => id),
        ),
      );
    });
  program
    .command('setup')
    .description(
      'print what brings findings to a CI system or an editor, ready to copy; without a name, list what there is',
    )
    .argument('[name]')
    .action(async (name: string | undefined) => {
      const { printSetup } = await import('../setup/setup.js');
      process.exitCode = printSetup(name, terminal);
    });
  for (const command of program.commands) command.exitOverride();
  return program;
}
