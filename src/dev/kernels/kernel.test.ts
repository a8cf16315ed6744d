import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { kernel, kernelTree } from './kernel.js';
import { adopt, cachedTree, cachedVersions, kernelsFolder } from './kernel-cache.js';
import { complaint } from './kernel-run.js';
import {
  parseDeb822Sources,
  parseIndexTargets,
  parseOneLineSources,
  privateSuites,
  sourcesList,
} from './kernel-sources.js';
import { chooseVersion, parseArguments, versionsIn } from './kernel-versions.js';

const MIRROR = 'http://mirror.invalid/debian';
const SECURITY = 'http://mirror.invalid/debian-security';

describe('arguments', () => {
  test('a version, a series, the list', () => {
    assert.deepEqual(parseArguments(['6.12']), { kind: 'get', version: '6.12' });
    assert.deepEqual(parseArguments(['7.x']), { kind: 'get', version: '7.x' });
    assert.deepEqual(parseArguments(['--list']), { kind: 'list' });
  });

  test('anything else is refused in one line', () => {
    for (const args of [[], ['6.12', '7.x'], ['v6.12'], ['6.12.3'], ['6'], ['../6.1'], ['--help'], ['']]) {
      assert.throws(() => parseArguments(args), /^Error: [^\n]+$/, args.join(' '));
    }
  });
});

describe('versions', () => {
  test('package names without a version in them are left out', () => {
    const names = 'linux-source-6.12\nlinux-source-6.1\nlinux-source\nlinux-source-6.1-rt\nlinux-source-6.1\n';
    assert.deepEqual(versionsIn(names, 'linux-source-'), ['6.1', '6.12']);
  });

  test('newest by number, not by letter', () => {
    assert.equal(chooseVersion('7.x', ['7.10', '7.9', '6.12', '17.11']), '7.10');
    assert.equal(chooseVersion('6.1', ['6.12', '6.1']), '6.1');
    assert.equal(chooseVersion('6.2', ['6.12', '6.1']), undefined);
    assert.equal(chooseVersion('8.x', ['7.10']), undefined);
  });
});

describe('suites', () => {
  test('indextargets: repeated lines once, unexpanded fields unknown', () => {
    const text = `${MIRROR}|bookworm|main|$(ORIGIN)\n${MIRROR}|bookworm|main|$(ORIGIN)\n${MIRROR}|bookworm|main|Debian\n\n`;
    assert.deepEqual(parseIndexTargets(text), [
      { site: MIRROR, release: 'bookworm', component: 'main', origin: null },
      { site: MIRROR, release: 'bookworm', component: 'main', origin: 'Debian' },
    ]);
  });

  test("the machine's own suites, newer and older ones at its mirror, and an older one at the security mirror", () => {
    const targets = parseIndexTargets(
      [
        `${SECURITY}|bookworm-security|main|Debian`,
        'http://other.invalid/node|nodistro|main|Somebody',
        'http://other.invalid/node|nodistro|main|$(ORIGIN)',
        `${MIRROR}|bookworm|main|Debian`,
        `${MIRROR}|bookworm|contrib|Debian`,
        `${MIRROR}|trixie|main|$(ORIGIN)`,
      ].join('\n'),
    );
    assert.deepEqual(privateSuites(targets), [
      { site: SECURITY, release: 'bookworm-security' },
      { site: MIRROR, release: 'bookworm' },
      { site: MIRROR, release: 'trixie' },
      { site: MIRROR, release: 'trixie-backports' },
      { site: MIRROR, release: 'sid' },
      { site: MIRROR, release: 'bullseye' },
      { site: SECURITY, release: 'bullseye-security' },
    ]);
  });

  test('no Debian mirror is an error', () => {
    const targets = parseIndexTargets('http://other.invalid/ubuntu|noble|main|Ubuntu\n');
    assert.throws(() => privateSuites(targets), /not configured with a Debian mirror/);
  });

  test('one-line sources', () => {
    const text = `# deb ${MIRROR} sid main\ndeb [arch=amd64 signed-by=/k] ${MIRROR}/ bookworm main contrib # ours\ndeb-src ${MIRROR} sid main\n`;
    assert.deepEqual(parseOneLineSources(text), [
      { site: MIRROR, release: 'bookworm', component: 'main', origin: null },
      { site: MIRROR, release: 'bookworm', component: 'contrib', origin: null },
    ]);
  });

  test('deb822 sources', () => {
    const text = [
      'Types: deb deb-src',
      '# a remark',
      `URIs: ${MIRROR}/`,
      'Suites: bookworm',
      '  bookworm-updates',
      'Components: main',
      '',
      'Types: deb',
      'Enabled: no',
      `URIs: ${MIRROR}`,
      'Suites: sid',
      'Components: main',
    ].join('\n');
    assert.deepEqual(
      parseDeb822Sources(text).map(({ site, release, component }) => [site, release, component]),
      [
        [MIRROR, 'bookworm', 'main'],
        [MIRROR, 'bookworm-updates', 'main'],
      ],
    );
  });

  test('the private sources.list names the keyring', () => {
    assert.equal(
      sourcesList([{ site: MIRROR, release: 'sid' }], '/k.gpg'),
      `deb [signed-by=/k.gpg target=Packages lang=none] ${MIRROR} sid main\n`,
    );
  });
});

test('a failed program is told in one line: the cause, not the warnings around it', () => {
  assert.match(complaint('apt-get', 'ENOENT', ''), /apt-get is not installed/);
  assert.equal(complaint('apt-get', 100, 'W: unsandboxed\nE: no network\nE: more\n'), 'apt-get failed: E: no network');
  assert.equal(
    complaint('tar', 2, 'tar: a: x\ntar: b: No space left on device\n'),
    'tar failed: tar: b: No space left on device',
  );
  assert.equal(complaint('tar', 2, ''), 'tar failed: exit 2');
});

describe('cache', () => {
  const saved = process.env['XDG_CACHE_HOME'];
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'dmabuf-lint-'));
    process.env['XDG_CACHE_HOME'] = root;
  });
  after(() => {
    if (saved === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = saved;
    rmSync(root, { recursive: true });
  });

  test('a missing tree says how to get it, a present one needs no network', async () => {
    assert.throws(() => kernelTree('7.x'), /npm run kernel -- 7\.x/);
    assert.throws(() => kernelTree('../7.1'), /is no kernel version/);
    const folder = kernelsFolder();
    for (const version of ['7.9', '7.10', '.work-7.11']) mkdirSync(join(folder, version), { recursive: true });
    assert.deepEqual(cachedVersions(folder), ['7.9', '7.10']);
    assert.equal(kernelTree('7.x'), join(folder, '7.10'));
    assert.equal(cachedTree('7.11', folder), undefined);
    assert.equal(await kernel(['7.9'], AbortSignal.timeout(1000)), `${join(folder, '7.9')}\n`);
  });

  test('of two runs at once the slower one takes the tree of the faster', async () => {
    const [first, second, target] = ['first', 'second', 'target'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    for (const tree of [first, second]) {
      mkdirSync(tree);
      writeFileSync(join(tree, 'MAINTAINERS'), tree);
    }
    assert.equal(await adopt(first, target), target);
    assert.equal(await adopt(second, target), target);
    await assert.rejects(adopt(join(root, 'none'), join(root, 'nowhere')));
  });
});
