import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command, Option } from 'commander';
import { defineRule } from '../../lint/index.js';
import { parseRulePage } from '../../lint/rule-page.js';
import { manPage } from './man-page.js';

const rule = defineRule({ id: 'some-rule', group: 'importer', severity: 'warning', scope: 'file', check: () => [] });
const rules = [{ rule, page: parseRulePage('some-rule', '# some-rule\n\nFinds `x-y`\nand more.\n\nText.\n') }];

function someProgram(): Command {
  const program = new Command('some-tool').version('1.2.3');
  program
    .command('scan')
    .description('scan a tree')
    .argument('[tree]', 'its top', '.')
    .argument('<file...>')
    .addOption(new Option('--format <format>', 'how to print (default: it depends)').choices(['text', 'gcc']))
    .addOption(new Option('--fail-on <severity>', 'when to fail').default('error'))
    .option('-s, --strict', 'be strict', false)
    .addOption(new Option('--secret').hideHelp());
  program.command('rules').description('list the rules');
  return program;
}

/** The lines of a page below its title and how it is set. */
function body(markdown: string): readonly string[] {
  const lines = manPage(`# some-tool(1)\n\n${markdown}\n`, { program: someProgram(), rules }).trimEnd().split('\n');
  return lines.slice(lines.indexOf('.ad l') + 1);
}

describe('the man page', () => {
  it('begins with a title line that has name, section and version, and no date', () => {
    const page = manPage('# some-tool(1)\n\n## NAME\n\nsome-tool - x\n', { program: someProgram(), rules });
    assert.match(page, /^\.\\" .*\n\.TH SOME\\-TOOL 1 "" "some-tool 1\.2\.3" "User Commands"\n/);
    assert.match(page, /\n\.SH NAME\nsome-tool \\- x\n$/);
  });

  it('says how each command is called', () => {
    assert.deepEqual(body('::synopsis'), [
      '\\fBsome\\-tool scan\\fR [\\fIoptions\\fR] [\\fItree\\fR] \\fIfile\\fR...',
      '.br',
      '\\fBsome\\-tool rules\\fR',
    ]);
  });

  it('has what the program says of its commands, arguments and options, and nothing hidden', () => {
    assert.deepEqual(body('::commands'), [
      '.SS some\\-tool scan [\\fIoptions\\fB] [\\fItree\\fB] \\fIfile\\fB...',
      'Scan a tree.',
      ...['.TP', '\\fItree\\fR', 'Its top (default: \\fB.\\fR).'],
      ...['.TP', '\\fB\\-\\-format\\fR \\fIformat\\fR'],
      'How to print (\\fBtext\\fR or \\fBgcc\\fR; default: it depends).',
      ...['.TP', '\\fB\\-\\-fail\\-on\\fR \\fIseverity\\fR', 'When to fail (default: \\fBerror\\fR).'],
      ...['.TP', '\\fB\\-s\\fR, \\fB\\-\\-strict\\fR', 'Be strict.'],
      '.SS some\\-tool rules',
      'List the rules.',
    ]);
  });

  it('has the options of the program itself', () => {
    const lines = body('::options');
    assert.ok(lines.includes('\\fB\\-V\\fR, \\fB\\-\\-version\\fR'));
    assert.ok(lines.includes('\\fB\\-h\\fR, \\fB\\-\\-help\\fR'));
  });

  it('has the rules, by their groups', () => {
    assert.deepEqual(body('::rules'), [
      '.SS Importers',
      '.TP',
      '\\fBsome\\-rule\\fR (warning)',
      'Finds \\fBx\\-y\\fR and more.',
    ]);
  });

  it('goes on after what a directive stands for', () => {
    assert.deepEqual(body('a\n\n::synopsis\n\nb').at(-1), 'b');
  });

  it('refuses a directive that there is not, and a source without a title', () => {
    assert.throws(() => body('::nosuch'), /'::nosuch', which no fact gives/);
    assert.throws(() => body('::toString'), /'::toString'/);
    assert.throws(() => body('a :word b'), /unknown directive ':word'/);
    assert.throws(() => manPage('text\n', { program: someProgram(), rules }), /begins with '# name\(section\)'/);
  });
});
