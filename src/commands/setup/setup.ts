import { readFileSync } from 'node:fs';
import { ownValue } from '../../base/own-value.js';
import { ConfigError, suggestion } from '../../lint/config/config.js';
import type { Terminal } from '../cli/terminal.js';

/** The files below src/setup that can be printed, and their use. */
const setups: Readonly<Record<string, { readonly file: string; readonly what: string }>> = {
  gitlab: { file: 'gitlab.yml', what: 'a GitLab CI job with a Code Quality report' },
  github: { file: 'github.yml', what: 'a GitHub workflow that uploads SARIF' },
  nipa: { file: 'nipa.sh', what: 'a NIPA test' },
  b4: { file: 'b4.sh', what: 'the configuration for b4 prep --check and b4 review' },
  'pre-commit': { file: 'pre-commit.sh', what: 'a git hook that refuses a commit with an error' },
  vim: { file: 'vim.vim', what: 'a quickfix command, and the language server in neovim' },
  emacs: { file: 'emacs.el', what: 'a compile command, and the language server in eglot' },
};

/**
 * `dmabuf-lint setup <name>`: prints the file that brings the findings to a CI system or an editor.
 * @returns the exit code
 * @throws ConfigError if there is none of that name
 */
export function printSetup(name: string | undefined, terminal: Terminal): number {
  if (name === undefined) {
    const width = Math.max(...Object.keys(setups).map((each) => each.length));
    terminal.write(
      Object.entries(setups)
        .map(([each, { what }]) => `${each.padEnd(width)}  ${what}\n`)
        .join(''),
    );
    return 0;
  }
  const setup = ownValue(setups, name);
  if (!setup) throw new ConfigError(`no setup for '${name}'${suggestion(name, Object.keys(setups))}`);
  // From dist/src/commands up to the package, where src/ holds the files.
  terminal.write(readFileSync(new URL(`../../../../src/setup/${setup.file}`, import.meta.url), 'utf8'));
  return 0;
}
