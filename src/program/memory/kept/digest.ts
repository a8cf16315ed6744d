import { createHash } from 'node:crypto';

/** A short digest. Two texts that a person or a tool makes have different ones. */
export function shortDigest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64').slice(0, 22);
}
