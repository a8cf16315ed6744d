import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixturesFolder } from '../examples/example-tree.js';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { cli } from '../series/series-run.js';
import { githubPrinter, judgeGitlab, judgeJunit, judgeSarif, judgeSarifAsGithub } from './format-judges.js';

const goldens = join(fixturesFolder, 'formats');
let folder: string;

before(async () => {
  folder = await makeWorkFolder(kernelsFolder());
});
after(() => removeWorkFolder(folder));

/** What the tool says of itself on purpose: it has no address in the net, and what is gone has no line. */
const meant = /SARIF2005: .*'informationUri'|SARIF2017: .*The 'region' property is absent/;

async function judgeAll(
  sarif: string,
  junit: string,
  gitlab: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const complaints = await judgeSarifAsGithub(sarif);
  return {
    'sarif schema': await judgeSarif(sarif),
    'sarif validator': complaints.filter((line) => !meant.test(line)),
    'junit schema': await judgeJunit(junit),
    gitlab: judgeGitlab(gitlab),
  };
}

const nothing = { 'sarif schema': [], 'sarif validator': [], 'junit schema': [], gitlab: [] };

describe('the golden files, before judges that are not ours', () => {
  for (const name of ['scan', 'series'])
    it(`of a ${name} are as they should be`, async () => {
      const paths = ['sarif.json', 'junit.xml', 'gitlab.json'].map((ending) => join(goldens, `${name}.${ending}`));
      assert.deepEqual(await judgeAll(paths[0] ?? '', paths[1] ?? '', paths[2] ?? ''), nothing);
    });

  it('would be refused, were they wrong', async () => {
    const spoil = (name: string, from: string | RegExp, to: string): string => {
      const text = readFileSync(join(goldens, name), 'utf8');
      assert.notEqual(text.replace(from, to), text, name);
      writeFileSync(join(folder, name), text.replace(from, to));
      return join(folder, name);
    };
    assert.notDeepEqual(await judgeSarif(spoil('scan.sarif.json', '"level": "error"', '"level": "severe"')), []);
    const without = await judgeSarifAsGithub(spoil('scan.sarif.json', /"help": \{[^}]*\},?/, ''));
    assert.notDeepEqual(
      without.filter((line) => !meant.test(line)),
      [],
    );
    assert.notDeepEqual(await judgeJunit(spoil('scan.junit.xml', '<testcase name', '<testcase nome')), []);
    assert.notDeepEqual(judgeGitlab(spoil('scan.gitlab.json', '"critical"', '"bad"')), []);
  });

  it("are read by GitHub's runner as they were meant", async () => {
    const print = await githubPrinter();
    for (const name of ['scan', 'series'])
      for (const line of readFileSync(join(goldens, `${name}.github.txt`), 'utf8')
        .trimEnd()
        .split('\n')) {
        const { command, properties, message } = readCommand(line);
        assert.equal(print(command, properties, message), `${line}\n`);
      }
  });
});

/** As the runner of GitHub reads a line: actions/runner, ActionCommand.cs. */
function readCommand(line: string) {
  const [, command = '', list = '', data = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? assert.fail(line);
  const plain = (text: string): string =>
    text.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%3A/g, ':').replace(/%2C/g, ',');
  const properties = Object.fromEntries(
    list.split(',').map((part) => {
      const [key = '', value = ''] = part.split(/=(.*)/s);
      return [key, plain(value).replace(/%25/g, '%')];
    }),
  );
  return { command, properties, message: data.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%25/g, '%') };
}

describe('the findings in linux 7.x, before the same judges', () => {
  it('are as they should be', async (context) => {
    const paths = { sarif: 'all.sarif', junit: 'all.xml', gitlab: 'all.json', github: 'all.txt' };
    const outputs = Object.entries(paths).flatMap(([format, path]) => ['--output', `${format}=${join(folder, path)}`]);
    const { status } = spawnSync(process.execPath, [cli, 'scan', kernelTree('7.x'), ...outputs], { encoding: 'utf8' });
    assert.equal(status, 1);
    const [sarif, junit, gitlab] = ['all.sarif', 'all.xml', 'all.json'].map((name) => join(folder, name));
    assert.deepEqual(await judgeAll(sarif ?? '', junit ?? '', gitlab ?? ''), nothing);
    const found = readFileSync(join(folder, 'all.txt'), 'utf8').trimEnd().split('\n');
    context.diagnostic(`${found.length} annotations`);
    for (const line of found) readCommand(line);
  });
});

describe('a test of NIPA', () => {
  /** As NIPA's tester runs one: a pipe for the summary, its write end in DESC_FD. */
  function runAsNipa(command: string): { readonly code: number | null; readonly summary: string } {
    const path = join(folder, 'summary');
    const script = `exec 9>"${path}"; DESC_FD=9 ${command} >/dev/null`;
    const { status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    const summary = readFileSync(path, 'utf8');
    rmSync(path);
    return { code: status, summary };
  }

  it('fails with a summary on a tree with errors', () => {
    const { code, summary } = runAsNipa(`${process.execPath} ${cli} scan --format nipa ${kernelTree('7.x')}`);
    assert.equal(code, 1);
    assert.match(summary, /^\d+ importers, .*\d+ errors.*\n$/);
  });
});
