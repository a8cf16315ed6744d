import { Argument, Command, Option } from 'commander';
import { escapeForTerminal } from '../../report/text/escape.js';
import type { Job } from '../supervise/job.js';
import type { Terminal } from './terminal.js';
import type { Verb, VerbArgument, VerbOption } from './verb.js';
import { toolVersion } from './version.js';

/** What the program does when a command line is parsed. */
export interface ProgramUse {
  /** Where help and errors of usage go. */
  readonly terminal: Terminal;
  run(verb: Verb, job: Job): Promise<void>;
}

/**
 * What the program takes, as commander parses it: its commands, their arguments and options. The man page and the
 * completion scripts are made from it as well.
 * @param use missing where nothing is to be parsed
 */
export function buildProgram(verbs: readonly Verb[], use?: ProgramUse): Command {
  const program = new Command('dmabuf-lint')
    .description('check the contract between dma-buf importers and exporters in a Linux kernel tree')
    .version(toolVersion())
    .option('--profile', 'with every command: report on standard error where the time went')
    .option('--color[=when]', 'with every command: colours always, or never, or auto, which is only on a terminal')
    .exitOverride();
  if (use) writeTo(program, use.terminal);
  for (const verb of verbs) addVerb(program, verb, use);
  return program;
}

function writeTo(program: Command, terminal: Terminal): void {
  const width = (): number => terminal.columns;
  program.configureOutput({
    writeOut: (text) => terminal.write(text),
    writeErr: (text) => terminal.writeError(text),
    getOutHelpWidth: width,
    getErrHelpWidth: width,
    getOutHasColors: () => terminal.hasColour,
    getErrHasColors: () => terminal.hasColour,
    outputError: (text, write) => write(usageError(text)),
  });
}

/** One line, as all errors are: commander puts what it suggests on a second one. */
function usageError(text: string): string {
  const [, what = text, suggested] = /^(?:error: )?([\s\S]*?)(?:\n\(Did you mean ([\s\S]*)\?\))?\s*$/.exec(text) ?? [];
  return `dmabuf-lint: ${escapeForTerminal(suggested ? `${what}; did you mean ${suggested}?` : what)}\n`;
}

function addVerb(program: Command, verb: Verb, use: ProgramUse | undefined): void {
  const command = program.command(verb.name).description(verb.description).exitOverride();
  for (const argument of verb.arguments) command.addArgument(argumentOf(argument));
  for (const option of verb.options) command.addOption(optionOf(option));
  command.addHelpText('after', examplesText(verb));
  if (verb.takesUnknownOptions) command.allowUnknownOption();
  if (use)
    command.action(async () => {
      const args: readonly (string | undefined)[] = command.processedArgs.flat();
      const named = args.filter((arg) => arg !== undefined);
      await use.run(verb, { verb: verb.name, args: named, options: command.opts() });
    });
}

function examplesText({ name, examples }: Verb): string {
  const lines = examples.map((line) => `  ${line.startsWith(name) ? 'dmabuf-lint ' : ''}${line}`);
  return `\nExamples:\n${lines.join('\n')}`;
}

function argumentOf({ usage, description, choices, default: usual }: VerbArgument): Argument {
  const argument = new Argument(usage, description);
  if (choices) argument.choices(choices);
  return usual === undefined ? argument : argument.default(usual);
}

function optionOf({ usage, description, choices, default: usual, isRepeatable }: VerbOption): Option {
  const option = new Option(usage, description);
  if (choices) option.choices(choices);
  if (isRepeatable)
    option.argParser((value: string, former: readonly string[] | undefined) => [...(former ?? []), value]);
  return usual === undefined ? option : option.default(usual);
}
