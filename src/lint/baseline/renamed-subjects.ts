import { literalPattern } from '../../base/literal-pattern.js';
import type { Finding } from '../finding.js';

/**
 * Finds the findings that are the same but for a new name of what they are about: a patch renamed an ops table or a
 * function. A name that both trees have is no rename.
 * @param renames the former name of each renamed file, by its new name
 * @returns the former finding by the present one
 */
export function renamedSubjects(
  introduced: readonly Finding[],
  gone: readonly Finding[],
  renames: ReadonlyMap<string, string>,
): ReadonlyMap<Finding, Finding> {
  const old = new Set(gone.map(({ mark }) => mark.subject));
  const now = new Set(introduced.map(({ mark }) => mark.subject));
  const pairs = new Map<Finding, Finding>();
  const left = new Set(gone.filter(({ mark }) => !now.has(mark.subject)));
  for (const finding of introduced) {
    if (old.has(finding.mark.subject)) continue;
    const file = renames.get(finding.file) ?? finding.file;
    const former = [...left].find(
      (one) => one.rule === finding.rule && one.file === file && unnamed(one) === unnamed(finding),
    );
    if (!former) continue;
    left.delete(former);
    pairs.set(finding, former);
  }
  return pairs;
}

/** What a finding says, and where, without the name of what it is about. */
function unnamed({ message, mark }: Finding): string {
  const name = new RegExp(`\\b${literalPattern(mark.subject)}\\b`, 'g');
  return `${message} ${mark.sourceLine}`.replace(name, '@');
}
