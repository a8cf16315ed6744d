import type { Argument, Command, Option } from 'commander';
import type { Break, PhrasingContent, RootContent } from 'mdast';
import { code, emphasis, heading, paragraph, table, text, type Words } from '../nodes.js';

/** The synopsis of the man page (`::synopsis`): one line a command. */
export function synopsis(program: Command): readonly RootContent[] {
  const lineEnd: Break = { type: 'break' };
  const lines = program.commands.map((command) => callOf(program, command));
  return [paragraph(lines.flatMap((line, index) => (index === 0 ? line : [lineEnd, ...line])))];
}

/** The reference of the commands (`::commands`): what each does, its arguments and options, as the program defines them. */
export function commandReference(program: Command): readonly RootContent[] {
  return program.commands.flatMap((command) => [
    heading(3, callOf(program, command)),
    // The description of kbuild ends in `drivers/...`.
    paragraph(capitalised(command.description()).replace(/\.*$/, (dots) => dots || '.')),
    ...facts([
      ...command.registeredArguments.filter(({ description }) => description).map(argumentRow),
      ...command.options.filter(({ hidden }) => !hidden).map(optionRow),
    ]),
  ]);
}

/** The options of the program itself (`::options`). */
export function programOptions(program: Command): readonly RootContent[] {
  return facts(program.createHelp().visibleOptions(program).map(optionRow));
}

function facts(rows: readonly (readonly [Words, Words])[]): readonly RootContent[] {
  return rows.length > 0 ? [table([['option', 'meaning'], ...rows])] : [];
}

function callOf(program: Command, command: Command): readonly PhrasingContent[] {
  return [
    code(`${program.name()} ${command.name()}`),
    ...(command.options.length > 0 ? [text(' ['), emphasis('options'), text(']')] : []),
    ...command.registeredArguments.flatMap((argument) => [text(' '), ...argumentWords(argument)]),
  ];
}

function argumentWords(argument: Argument): readonly PhrasingContent[] {
  const words = [emphasis(argument.name()), ...(argument.variadic ? [text('...')] : [])];
  return argument.required ? words : [text('['), ...words, text(']')];
}

function argumentRow(argument: Argument): readonly [Words, Words] {
  return [[emphasis(argument.name())], meaning(argument.description, argument.argChoices, argument.defaultValue)];
}

function optionRow(option: Option): readonly [Words, Words] {
  return [flagWords(option.flags), meaning(option.description, option.argChoices, option.defaultValue)];
}

/** Flags such as `-V, --version` or `--format <format>`: code for what is typed, emphasis for what stands for a value. */
function flagWords(flags: string): readonly PhrasingContent[] {
  return flags
    .split(/(<[^>]*>|\[[^\]]*\]|, | )/)
    .filter(Boolean)
    .map((part) =>
      part.startsWith('<') ? emphasis(part.slice(1, -1)) : part.startsWith('-') ? code(part) : text(part),
    );
}

/** A sentence with the choices and the default of an option. */
function meaning(description: string, choices: readonly string[] | undefined, value: unknown): Words {
  // Where a default depends on the circumstances, the description names it at its end.
  const [, what = description, told] = /^(.*) \((default: [^()]*)\)$/.exec(description) ?? [];
  const notes = [
    ...(choices ? [listOf(choices)] : []),
    ...(told !== undefined ? [[text(told)]] : []),
    ...(typeof value === 'string' ? [[text('default: '), code(value)]] : []),
  ];
  const inside = notes.flatMap((note, index) => (index === 0 ? note : [text('; '), ...note]));
  return [text(capitalised(what)), ...(inside.length > 0 ? [text(' ('), ...inside, text(')')] : []), text('.')];
}

/** Words as English lists choices: `a, b or c`. */
function listOf(words: readonly string[]): readonly PhrasingContent[] {
  const last = words.length - 1;
  return words.flatMap((word, index) => [...(index === 0 ? [] : [text(index === last ? ' or ' : ', ')]), code(word)]);
}

function capitalised(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
