import type { Command } from 'commander';
import type { Root } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import { compileMan } from '../compile/man.js';
import { noSubstitutes, readSource, renderText } from '../source.js';
import { commandReference, programOptions, synopsis } from './command-reference.js';
import type { RuleEntry } from './rule-page.js';
import { ruleSummaries } from './rule-summary.js';

/** What the man page takes from elsewhere. */
export interface ManFacts {
  readonly program: Command;
  readonly rules: readonly RuleEntry[];
}

/** The source of the man page, as it is in the package. */
export function readManSource(): string {
  return readSource('pages/dmabuf-lint.md');
}

/**
 * The man page of the program.
 * @param markdown its source; the title is `name(section)`
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
 * The title line, and the page without its title. There is no date: the version says how old the page is. Words are
 * neither hyphenated (after an example neither, which would set it back to `HY`) nor spread out: many are names.
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
