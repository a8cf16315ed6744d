import { ConfigError } from '../../lint/config/config.js';

/** Where a CI system installs the tool from. Each kind names exactly one content, which nobody can change later. */
type PinnedSource =
  | { readonly kind: 'git'; readonly url: string; readonly commit: string }
  | { readonly kind: 'tarball'; readonly url: string; readonly sha256: string }
  | { readonly kind: 'registry'; readonly url: string; readonly package: string };

const forms =
  'a git URL and a commit (<url>#<40 digits>), a tarball and its digest (<url>.tgz#sha256=<64 digits>), or a package in a registry of yours (<url>#<name>@<version>)';

/** The name under which a package of ours is found. No public registry has it: whoever took it there would run code in CI. */
const packageName = /^(?:@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

/**
 * The shell commands that install the tool from a pinned source.
 * @param from as the user names it; see {@link forms}
 * @throws ConfigError where it names none, or one that is not pinned
 */
export function installSteps(name: string, from: string | undefined): readonly string[] {
  if (from === undefined) throw new ConfigError(`setup ${name}: say where it is installed from, with --from: ${forms}`);
  const source = readSource(from);
  if (!source) throw new ConfigError(`--from ${from}: is not a pinned source; name ${forms}`);
  switch (source.kind) {
    case 'git':
      return [
        `git clone --quiet --no-checkout ${quoted(source.url)} /tmp/dmabuf-lint`,
        `git -C /tmp/dmabuf-lint checkout --quiet --detach ${source.commit}`,
        '(cd /tmp/dmabuf-lint && npm ci && npm run build && npm pack --pack-destination /tmp)',
        'npm install --global --ignore-scripts /tmp/dmabuf-lint-*.tgz',
      ];
    case 'tarball':
      return [
        `node -e 'fetch(process.argv[1]).then((r) => r.arrayBuffer()).then((b) => fs.writeFileSync("/tmp/dmabuf-lint.tgz", Buffer.from(b)))' ${quoted(source.url)}`,
        `echo '${source.sha256}  /tmp/dmabuf-lint.tgz' | sha256sum --check --quiet`,
        'npm install --global --ignore-scripts /tmp/dmabuf-lint.tgz',
      ];
    case 'registry':
      return [`npm install --global --ignore-scripts --registry ${quoted(source.url)} ${quoted(source.package)}`];
  }
}

function readSource(from: string): PinnedSource | null {
  const [, url = '', pin = ''] = /^([^#]+)#([^#]+)$/.exec(from) ?? [];
  if (url.startsWith('-') || /[\s'"\\]/.test(from)) return null;
  const [, sha256] = /^sha256=([0-9a-f]{64})$/.exec(pin) ?? [];
  if (sha256 !== undefined) return /^https?:\/\/.*\.tgz$/.test(url) ? { kind: 'tarball', url, sha256 } : null;
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(pin)) return { kind: 'git', url: url.replace(/^git\+/, ''), commit: pin };
  if (/^https?:\/\//.test(url) && packageName.test(pin)) return { kind: 'registry', url, package: pin };
  return null;
}

/** A word that the shell takes as it is. Quotes were refused. */
function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word}'`;
}
