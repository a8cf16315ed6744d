import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { buildProgram } from '../../commands/cli/program.js';
import { verbs } from '../../commands/cli/verbs.js';
import { docsFolder } from './write-docs.js';

const path = join(docsFolder, 'dmabuf-lint.1');
const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', MANROFFSEQ: '', MANWIDTH: '80' };

function man(...args: readonly string[]) {
  return spawnSync('man', args, { encoding: 'utf8', env: environment, maxBuffer: 1 << 24 });
}

const missing = man('--version').status === 0 ? false : 'man is not installed; `apt-get install man-db` brings it';
if (missing && process.env['DMABUF_LINT_NEED_MAN']) throw new Error(missing);

describe('the man page, as man shows it', { skip: missing }, () => {
  it('has nothing that man or groff warns of', () => {
    // As lintian of Debian asks.
    const { status, stderr } = man('--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', path);
    assert.deepEqual([status, stderr], [0, '']);
  });

  it('shows every section, option and example, in lines that fit', () => {
    const { stdout } = man('-E', 'UTF-8', '-l', path);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: some versions of man mark words by overstriking, others by colours
    const lines = stdout.replace(/.\u0008|\u001b\[[\d;]*m/g, '').split('\n');
    for (const section of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'SEE ALSO'])
      assert.ok(lines.includes(section), section);
    for (const { options } of buildProgram(verbs).commands)
      for (const { long } of options)
        assert.ok(
          lines.some((line) => new RegExp(`^(?:-\\w, )?${long}\\b`).test(line.trim())),
          long,
        );
    assert.ok(lines.includes('           b4 prep --check'));
    for (const line of lines) assert.ok(line.length <= 80, line);
  });
});

describe('the source of the man page', () => {
  it('says what every format is', () => {
    const page = readFileSync(path, 'utf8');
    const formats = page.slice(page.indexOf('.SH OUTPUT FORMATS'), page.indexOf('.SH RULES'));
    for (const { options } of buildProgram(verbs).commands)
      for (const choice of options.find(({ long }) => long === '--format')?.argChoices ?? [])
        assert.ok(formats.includes(`.TP\n\\fB${choice.replaceAll('-', '\\-')}\\fR\n`), choice);
  });
});
