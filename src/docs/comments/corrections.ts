import type { Contract } from '../../contract/index.js';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { type DialectFacts, dialectSubstitutes } from '../facts.js';
import { named } from './documented-comments.js';
import { type CommentText, type CorrectionText, commentTexts } from './semantics.js';

/** Words of a comment that are wrong in a tree. */
export interface Correction extends Pick<CorrectionText, 'find' | 'replace' | 'why'> {
  /** The subject of the comment, as kernel-doc writes it; null for any comment of the file. */
  readonly subject: string | null;
}

/** The corrections that a file of a tree needs. */
export function correctionsFor(contract: Contract, facts: DialectFacts, path: string): readonly Correction[] {
  return commentTexts()
    .filter((comment) => fileOf(comment) === path)
    .flatMap(({ subject, corrections }) =>
      corrections
        .filter((correction) => isNeeded(correction, contract, facts))
        .map(({ find, replace, why }) => ({
          subject: subject === null ? null : kernelDocSubject(named(subject, facts)),
          find: named(find, facts),
          replace: named(replace, facts),
          why: why === null ? null : named(why, facts),
        })),
    );
}

/** The header documents members, the core functions. */
function fileOf({ subject, file }: CommentText): string {
  const isMember = subject?.includes('.') ?? file === 'header';
  return isMember ? dmaBufHeader : dmaBufCore;
}

function isNeeded({ when, gone }: CorrectionText, { dialect, codebase }: Contract, facts: DialectFacts): boolean {
  const hasConvention = codebase.program.peek(dmaBufCore)?.includes('DOC: locking convention') ?? false;
  const flags = new Map([
    ...dialectSubstitutes(facts).flags,
    ['has-locking-convention', hasConvention] as const,
    ['no-locking-convention', !hasConvention] as const,
  ]);
  const [struct = '', member = ''] = gone?.split('.') ?? [];
  const isThere = gone !== null && (dialect.members.get(struct)?.has(member) ?? false);
  return !isThere && when.split(' ').every((condition) => condition === '' || flags.get(condition) === true);
}

function kernelDocSubject(words: string): string {
  const [, member] = /\.(\w+)$/.exec(words) ?? [];
  return member === undefined ? words.replace(/\(\)$/, '') : `@${member}`;
}
