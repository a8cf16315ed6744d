import type { Command } from 'commander';
import type { Root } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import { compileMan } from '../compile/man.js';
import { noSubstitutes, readSource, renderText } from '../source.js';
import { commandReference, programOptions, synopsis } from './command-reference.js';
import { type RuleEntry, ruleSummaries } from './rule-summary.js';

/** What the man page says of the program and its rules. */
interface ManFacts {
  readonly program: Command;
  readonly rules: readonly RuleEntry[];
}

/** The Markdown source of the man page, from the package. */
export function readManSource(): string {
  return readSource('pages/dmabuf-lint.md');
}

/**
 * Writes the man page of the program in roff.
 * @param markdown its source; the title is `name(section)`
 * @throws Error if the source has no such title, or asks for what no fact gives
 */
export function manPage(markdown: string, { program, rules }: ManFacts): string {
  const blocks = new Map([
    ['synopsis', synopsis(program)],
    ['commands', commandReference(program)],
    ['options', programOptions(program)],
    ['rules', ruleSummaries(rules)],
  ]);
  const source = `${program.name()} ${program.version() ?? ''}`;
  return renderText(markdown, { ...noSubstitutes, blocks }, (root) => compilePage(root as Root, source));
}

/**
 * The `.TH` line, then the page without its title. There is no date: the version says how old the page is. Hyphenation
 * and justification are off, since many words are names; `HY` is 0 because an example resets hyphenation to it.
 */
function compilePage({ children: [title, ...rest] }: Root, source: string): string {
  const [, name, section] = /^([\w-]+)\((\d)\)$/.exec(title?.type === 'heading' ? textOf(title) : '') ?? [];
  if (!name || !section) throw new Error("a man page begins with '# name(section)'");
  const head = `.TH ${name.toUpperCase().replaceAll('-', '\\-')} ${section} "" "${source}" "User Commands"`;
  return [
    '.\\" Made by `npm run docs`; do not edit.',
    head,
    '.nr HY 0',
    '.nh',
    '.ad l',
    compileMan({ type: 'root', children: rest }),
  ].join('\n');
}
