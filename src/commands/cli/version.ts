import { readFileSync } from 'node:fs';

interface PackageFile {
  readonly version?: string;
  readonly homepage?: string;
}

/** The version of this tool, by its package. */
export function toolVersion(): string {
  return packageFile().version ?? 'unknown';
}

/** Where the pages of the rules are: below the home page that the package names, or in the package itself. */
export function rulePages(): string {
  const { homepage } = packageFile();
  const pages = 'docs-out/rules';
  return homepage === undefined ? pages : `${homepage.replace(/\/$/, '')}/${pages}`;
}

function packageFile(): PackageFile {
  return JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as PackageFile;
}
