import { readFileSync } from 'node:fs';
import { ownValue } from '../../base/own-value.js';
import { packageFile } from '../../base/package/package-files.js';
import { ConfigError, suggestion } from '../../lint/config/config.js';
import type { Terminal } from '../cli/terminal.js';
import { installSteps } from './install-steps.js';

/** A file below src/setup that can be printed. */
interface Setup {
  readonly file: string;
  readonly what: string;
  /** How the commands that install the tool are written there, in place of the line `@install@`; missing if none are. */
  readonly install?: (steps: readonly string[], indent: string) => readonly string[];
}

const setups: Readonly<Record<string, Setup>> = {
  gitlab: {
    file: 'gitlab.yml',
    what: 'a GitLab CI job with a Code Quality report',
    install: (steps, indent) => steps.map((step) => `${indent}- ${JSON.stringify(step)}`),
  },
  github: {
    file: 'github.yml',
    what: 'a GitHub workflow that uploads SARIF',
    install: (steps, indent) => [`${indent}- run: |`, ...steps.map((step) => `${indent}    ${step}`)],
  },
  container: {
    file: 'Containerfile',
    what: 'a container with the tool in it',
    install: (steps) => [`RUN ${steps.join(' \\\n && ')}`],
  },
  nipa: { file: 'nipa.sh', what: 'a NIPA test' },
  b4: { file: 'b4.sh', what: 'the configuration for b4 prep --check and b4 review' },
  'pre-commit': { file: 'pre-commit.sh', what: 'a git hook that refuses a commit with an error' },
  vim: { file: 'vim.vim', what: 'a quickfix command, and the language server in neovim' },
  vscode: { file: 'vscode.sh', what: 'a script that packs and installs the VS Code extension' },
  emacs: { file: 'emacs.el', what: 'a compile command, and the language server in eglot' },
};

/** The names that `setup` takes. */
export const setupNames: readonly string[] = Object.keys(setups);

export interface SetupOptions {
  /** Where a CI system installs the tool from. */
  readonly from?: string;
}

/**
 * `dmabuf-lint setup <name>`: prints the file that brings the findings to a CI system or an editor.
 * @returns the exit code
 * @throws ConfigError if there is none of that name
 */
export function printSetup(name: string | undefined, { from }: SetupOptions, terminal: Terminal): number {
  if (name === undefined) {
    const width = Math.max(...setupNames.map((each) => each.length));
    const lines = Object.entries(setups).map(([each, { what, install }]) => {
      return `${each.padEnd(width)}  ${what}${install ? '; needs --from' : ''}\n`;
    });
    terminal.write(lines.join(''));
    return 0;
  }
  const setup = ownValue(setups, name);
  if (!setup) throw new ConfigError(`no setup for '${name}'${suggestion(name, setupNames)}`);
  const { file, install } = setup;
  if (!install && from !== undefined) throw new ConfigError(`--from: setup ${name} installs nothing`);
  const text = readFileSync(packageFile(`src/setup/${file}`), 'utf8');
  if (!install) {
    terminal.write(text);
    return 0;
  }
  const steps = installSteps(name, from);
  terminal.write(text.replace(/^( *)@install@$/m, (_, indent: string) => install(steps, indent).join('\n')));
  return 0;
}
