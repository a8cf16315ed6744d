import { readFileSync } from 'node:fs';

/** The version of this tool, by its package. */
export function toolVersion(): string {
  const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
  const { version }: { version?: string } = JSON.parse(text);
  return version ?? 'unknown';
}
