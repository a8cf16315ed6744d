import type { Argument, Command, Option } from 'commander';
import { ownValue } from '../../base/own-value.js';
import { ConfigError, suggestion } from '../../lint/config/config.js';
import { type Shell, shells } from '../cli/verb.js';

/** The values that an argument or option can have. */
type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  | { readonly kind: 'nothing' };

/** The words that an argument or option can be, by its name in the usage. */
type KnownWords = Readonly<Record<string, readonly string[]>>;

interface Flag {
  readonly long: string;
  readonly what: string;
  /** Null for a flag without a value. */
  readonly values: Values | null;
}

interface Verb {
  readonly name: string;
  readonly what: string;
  readonly flags: readonly Flag[];
  readonly values: Values;
}

/**
 * The completion script of a shell, made from the commands and options of the program.
 * @param words the values of arguments and options that have a list of them, by the name in the usage
 * @throws ConfigError for a shell that is not known
 */
export function completionScript(shell: string, program: Command, words: KnownWords): string {
  const known = shells.find((name) => name === shell);
  if (!known)
    throw new ConfigError(`no completion for '${shell}'${suggestion(shell, shells)}; there is ${shells.join(', ')}`);
  return scripts[known](program.commands.map((command) => verbOf(command, words)));
}

const scripts: Readonly<Record<Shell, (verbs: readonly Verb[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

function verbOf(command: Command, words: KnownWords): Verb {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    what: command.description(),
    flags: [
      ...command.options.map((option) => flagOf(option, words)),
      { long: '--help', what: 'display help for command', values: null },
    ],
    values: argument ? valuesOf(argument, argument.name(), words) : { kind: 'nothing' },
  };
}

function flagOf(option: Option, words: KnownWords): Flag {
  const takesValue = option.required || option.optional;
  const name = /[<[](\w+)/.exec(option.flags)?.[1] ?? '';
  return {
    long: option.long ?? '',
    what: option.description,
    values: takesValue ? valuesOf(option, name, words) : null,
  };
}

function valuesOf({ argChoices }: Option | Argument, name: string, words: KnownWords): Values {
  if (argChoices) return { kind: 'words', words: argChoices };
  const known = ownValue(words, name);
  if (known) return { kind: 'words', words: known };
  if (name === 'tree' || name === 'folder') return { kind: 'folders' };
  if (name === 'revision') return { kind: 'nothing' };
  return { kind: 'files' };
}

function bashScript(verbs: readonly Verb[]): string {
  const generate = (values: Values): string => {
    switch (values.kind) {
      case 'words':
        return `COMPREPLY=($(compgen -W '${values.words.join(' ')}' -- "$word"))`;
      case 'files':
        return 'COMPREPLY=($(compgen -f -- "$word"))';
      case 'folders':
        return 'COMPREPLY=($(compgen -d -- "$word"))';
      case 'nothing':
        return 'COMPREPLY=()';
    }
  };
  const verbCase = ({ name, flags, values }: Verb): readonly string[] => [
    `  ${name})`,
    '    case $before in',
    ...flags.flatMap((flag) => (flag.values ? [`    ${flag.long}) ${generate(flag.values)}; return ;;`] : [])),
    '    esac',
    `    if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '${flags.map(({ long }) => long).join(' ')}' -- "$word"))`,
    `    else ${generate(values)}`,
    '    fi ;;',
  ];
  return [
    '# bash completion of dmabuf-lint: source <(dmabuf-lint completion bash)',
    '_dmabuf_lint() {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
    '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}',
    '  if ((COMP_CWORD == 1)); then',
    `    COMPREPLY=($(compgen -W '${verbs.map(({ name }) => name).join(' ')} --help --version' -- "$word"))`,
    '    return',
    '  fi',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
    '  case ${COMP_WORDS[1]} in',
    ...verbs.flatMap(verbCase),
    '  esac',
    '}',
    'complete -o filenames -F _dmabuf_lint dmabuf-lint',
    '',
  ].join('\n');
}

/** Words inside of single quotes, where `:` and brackets have a meaning of their own. */
function zshWords(text: string): string {
  return text.replace(/([:[\]\\])/g, '\\$1').replace(/'/g, "'\\''");
}

function zshScript(verbs: readonly Verb[]): string {
  const action = (values: Values): string => {
    switch (values.kind) {
      case 'words':
        return `(${values.words.join(' ')})`;
      case 'files':
        return '_files';
      case 'folders':
        return '_files -/';
      case 'nothing':
        return ' ';
    }
  };
  const flag = ({ long, what, values }: Flag): string =>
    `'${values ? `${long}=` : long}[${zshWords(what)}]${values ? `:value:${action(values)}` : ''}'`;
  return [
    '#compdef dmabuf-lint',
    '# zsh completion of dmabuf-lint: source <(dmabuf-lint completion zsh), after compinit',
    '_dmabuf_lint() {',
    '  if ((CURRENT == 2)); then',
    '    local -a verbs=(',
    ...verbs.map(({ name, what }) => `      '${name}:${zshWords(what)}'`),
    '    )',
    "    _describe 'command' verbs",
    '    return',
    '  fi',
    '  local verb=$words[2]',
    '  shift words; ((CURRENT--))',
    '  case $verb in',
    ...verbs.map(
      ({ name, flags, values }) =>
        `  ${name}) _arguments ${[...flags.map(flag), ...(values.kind === 'nothing' ? [] : [`'*:argument:${action(values)}'`])].join(' ')} ;;`,
    ),
    '  esac',
    '}',
    'compdef _dmabuf_lint dmabuf-lint',
    '',
  ].join('\n');
}

function fishScript(verbs: readonly Verb[]): string {
  const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const given = (values: Values): string => {
    switch (values.kind) {
      case 'words':
        return ` -a ${quote(values.words.join(' '))}`;
      case 'files':
        return ' -F';
      case 'folders':
        return " -a '(__fish_complete_directories)'";
      case 'nothing':
        return '';
    }
  };
  // `-x` is a value, and no file.
  const optionValue = (values: Values): string => (values.kind === 'files' ? ' -r -F' : ` -x${given(values)}`);
  const line = (verb: string, rest: string): string =>
    `complete -c dmabuf-lint -n '__fish_seen_subcommand_from ${verb}'${rest}`;
  return [
    '# fish completion of dmabuf-lint: dmabuf-lint completion fish > ~/.config/fish/completions/dmabuf-lint.fish',
    'complete -c dmabuf-lint -f',
    ...verbs.map(({ name, what }) => `complete -c dmabuf-lint -n __fish_use_subcommand -a ${name} -d ${quote(what)}`),
    ...verbs.flatMap(({ name, flags, values }) => [
      ...(values.kind === 'nothing' ? [] : [line(name, given(values))]),
      ...flags.map(({ long, what, values: taken }) =>
        line(name, ` -l ${long.slice(2)} -d ${quote(what)}${taken ? optionValue(taken) : ''}`),
      ),
    ]),
    '',
  ].join('\n');
}
