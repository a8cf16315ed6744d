import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixturesFolder } from '../examples/example-tree.js';
import { kernelsFolder, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { scanOfKernel } from '../kernels/kernel-scan.js';
import { githubPrinter, judgeGitlab, judgeJunit, judgeSarif, judgeSarifAsGithub } from './format-judges.js';

const goldens = join(fixturesFolder, 'formats');
let folder: string;

before(async () => {
  folder = await makeWorkFolder(kernelsFolder());
});
after(() => removeWorkFolder(folder));

/** Complaints that are accepted: the tool has no web address, and a fixed finding has no line. */
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
    const { run, pathOf } = await scanOfKernel('7.x');
    assert.equal(run.exitCode, 1);
    assert.deepEqual(await judgeAll(pathOf('sarif'), pathOf('junit'), pathOf('gitlab')), nothing);
    const found = readFileSync(pathOf('github'), 'utf8').trimEnd().split('\n');
    context.diagnostic(`${found.length} annotations`);
    for (const line of found) readCommand(line);
  });
});

describe('a test of NIPA', () => {
  it('fails with a summary on a tree with errors', async () => {
    const { run } = await scanOfKernel('7.x');
    assert.equal(run.exitCode, 1);
    assert.match(run.summary, /^\d+ importers, .*\d+ errors.*\n$/);
  });
});
