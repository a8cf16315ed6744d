import { readFileSync } from 'node:fs';
import { packageFile } from '../../base/package/package-files.js';

interface PackageFacts {
  readonly version?: string;
  readonly homepage?: string;
  readonly repository?: string | { readonly url?: string };
}

/** The version of this tool, by its package. */
export function toolVersion(): string {
  return packageFacts().version ?? 'unknown';
}

/** The URL below which the pages of the rules are: that of the repository or home page of the package, if it names one. */
export function rulePages({ homepage, repository }: PackageFacts = packageFacts()): string | undefined {
  const named = typeof repository === 'string' ? repository : repository?.url;
  const source = /^(?:git\+)?(https:\/\/[^#]*?)(?:\.git)?$/.exec(named ?? '')?.[1];
  const top = source === undefined ? homepage?.replace(/\/?(?:#.*)?$/, '') : `${source}/blob/HEAD`;
  return top && `${top}/docs-out/rules`;
}

function packageFacts(): PackageFacts {
  return JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as PackageFacts;
}
