/** A suite that a machine's apt is configured to use. `origin` is null while no index of it was downloaded. */
export interface AptTarget {
  readonly site: string;
  readonly release: string;
  readonly component: string;
  readonly origin: string | null;
}

/** A suite at a mirror, as the private configuration names it. */
export interface Suite {
  readonly site: string;
  readonly release: string;
}

/** What `apt-get indextargets --format` is asked to print, and `parseIndexTargets` reads. */
export const INDEX_TARGET_FORMAT = '$(SITE)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)';

// Kernels newer than the machine's own release come from here, and 5.10 from bullseye.
const EXTRA_RELEASES = ['trixie', 'trixie-backports', 'sid', 'bullseye'];
const EXTRA_SECURITY_RELEASES = ['bullseye-security'];

/**
 * @param text output of `apt-get indextargets --format INDEX_TARGET_FORMAT`
 * @returns one target a line, repeated lines once; a field that apt left unexpanded counts as unknown
 */
export function parseIndexTargets(text: string): readonly AptTarget[] {
  const targets = [...new Set(text.split('\n'))].flatMap((line) => {
    const [site, release, component, origin] = line.trim().split('|');
    if (!site || !release || !component) return [];
    return [{ site, release, component, origin: !origin || origin.startsWith('$(') ? null : origin }];
  });
  return targets;
}

/**
 * @param text a sources.list in the one-line style
 * @returns its binary suites, origin unknown
 */
export function parseOneLineSources(text: string): readonly AptTarget[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (!match) return [];
    const [, uri = '', release = '', components = ''] = match;
    return words(components).map((component) => ({ site: trimSlash(uri), release, component, origin: null }));
  });
}

/**
 * @param text a *.sources file in the deb822 style
 * @returns its enabled binary suites, origin unknown
 */
export function parseDeb822Sources(text: string): readonly AptTarget[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const field = (name: string): readonly string[] => {
        const match = new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza);
        return words(match?.[1] ?? '');
      };
      if (!field('Types').includes('deb') || /^(?:no|false|0|off)$/i.test(field('Enabled')[0] ?? 'yes')) return [];
      return field('URIs').flatMap((uri) =>
        field('Suites').flatMap((release) =>
          field('Components').map((component) => ({ site: trimSlash(uri), release, component, origin: null })),
        ),
      );
    });
}

/**
 * Chooses the suites of the private configuration: the machine's own Debian suites, and newer and older ones at the same
 * mirrors.
 *
 * @param targets what the machine is configured to use; a suite may occur twice, with its origin and without
 * @returns the suites, each once, the machine's own first
 * @throws Error with one line if the machine uses no Debian mirror
 */
export function privateSuites(targets: readonly AptTarget[]): readonly Suite[] {
  const main = targets.filter((target) => target.component === 'main');
  const origins = new Map(main.flatMap((target) => (target.origin === null ? [] : [[key(target), target.origin]])));
  const own = main.filter((target) => (origins.get(key(target)) ?? 'Debian') === 'Debian');
  const mirrors = own.filter((target) => !isSecurity(target));
  const known = mirrors.find((target) => origins.has(key(target)));
  // Without an index nothing tells Debian's mirror from a third party's: try each, apt refuses what Debian did not sign.
  const sites = known ? [known.site] : [...new Set(mirrors.map((target) => target.site))];
  if (sites.length === 0) throw new Error('apt on this machine is not configured with a Debian mirror');
  const extra = sites.flatMap((site) => EXTRA_RELEASES.map((release) => ({ site, release })));
  const securitySites = [...new Set(own.filter(isSecurity).map(({ site }) => site))];
  const extraSecurity = securitySites.flatMap((site) => EXTRA_SECURITY_RELEASES.map((release) => ({ site, release })));
  const suites = [...own.map(({ site, release }) => ({ site, release })), ...extra, ...extraSecurity];
  return [...new Map(suites.map((suite) => [key(suite), suite])).values()];
}

/**
 * @param suites what to read
 * @param keyring path of the keyring that must have signed them
 * @returns the text of a sources.list that fetches package indices and nothing else
 */
export function sourcesList(suites: readonly Suite[], keyring: string): string {
  const lines = suites.map(
    ({ site, release }) => `deb [signed-by=${keyring} target=Packages lang=none] ${site} ${release} main\n`,
  );
  return lines.join('');
}

function isSecurity({ site, release }: Suite): boolean {
  return /security/.test(site) || /-security$|\/updates$/.test(release);
}

function key({ site, release }: Suite): string {
  return `${site} ${release}`;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function trimSlash(uri: string): string {
  return uri.replace(/\/+$/, '');
}
