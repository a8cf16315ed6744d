import { readFileSync } from 'node:fs';

interface PackageFile {
  readonly version?: string;
  readonly homepage?: string;
  readonly repository?: string | { readonly url?: string };
}

/** The version of this tool, by its package. */
export function toolVersion(): string {
  return packageFile().version ?? 'unknown';
}

/** The URL below which the pages of the rules are: that of the repository or home page of the package, if it names one. */
export function rulePages({ homepage, repository }: PackageFile = packageFile()): string | undefined {
  const named = typeof repository === 'string' ? repository : repository?.url;
  const source = /^(?:git\+)?(https:\/\/[^#]*?)(?:\.git)?$/.exec(named ?? '')?.[1];
  const top = source === undefined ? homepage?.replace(/\/?(?:#.*)?$/, '') : `${source}/blob/HEAD`;
  return top && `${top}/docs-out/rules`;
}

function packageFile(): PackageFile {
  return JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as PackageFile;
}
