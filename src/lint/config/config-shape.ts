import { severities } from '../finding.js';

/** The shape of a configuration value. The JSON schema and the check of a configuration are both made from it. */
export type Shape =
  | {
      readonly kind: 'text';
      /** Completes the message "must be ...". */
      readonly noun: string;
      readonly pattern: string;
    }
  | { readonly kind: 'choice'; readonly among: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | ObjectShape;

/** An object with known keys. */
export interface ObjectShape {
  readonly kind: 'object';
  /** What a key names; completes the message "unknown ...". */
  readonly keyNoun: string;
  readonly members: Readonly<Record<string, Member>>;
}

/** One key of an object. */
export interface Member {
  readonly shape: Shape;
  readonly isRequired?: true;
  /** A sentence for people who write a configuration. */
  readonly description: string;
}

/** A rule as a configuration names it. */
export interface NamedRule {
  readonly id: string;
  readonly summary?: string;
}

const path: Shape = { kind: 'text', noun: 'a path', pattern: '.' };
const word: Shape = { kind: 'text', noun: 'a name in C', pattern: '^\\w+$' };
// The configuration of a tree must not name a file outside of the tree: `baseline` could overwrite it.
const pathBelow: Shape = {
  kind: 'text',
  noun: "a path below this file's folder",
  pattern: '^(?!/)(?!(.*/)?\\.\\.(/|$)).',
};

const marker: ObjectShape = {
  kind: 'object',
  keyNoun: 'key',
  members: {
    field: { shape: word, isRequired: true, description: 'A field of struct dma_buf_attach_ops.' },
    meaning: {
      shape: { kind: 'choice', among: ['cannot-revoke', 'can-revoke'] },
      isRequired: true,
      description: 'What the importer says of itself where the field is set.',
    },
  },
};

/** The shape of a whole configuration. @param rules the rules that it may name */
export function configShape(rules: readonly NamedRule[]) {
  const severity: Shape = { kind: 'choice', among: ['off', ...severities.toReversed()] };
  const ofRules = rules.map(({ id, summary }): [string, Member] => [
    id,
    { shape: severity, description: summary ?? `Severity of ${id}.` },
  ]);
  return {
    kind: 'object',
    keyNoun: 'key',
    members: {
      rules: {
        shape: { kind: 'object', keyNoun: 'rule', members: Object.fromEntries(ofRules) },
        description: 'A severity for a rule, or off.',
      },
      markers: {
        shape: { kind: 'list', of: marker },
        description:
          'Fields by which an importer says whether it can be invalidated; without this key they are recognised by their names.',
      },
      macros: {
        shape: { kind: 'list', of: word },
        description: 'Further words of the tree that mean nothing to the analysis, as attributes do.',
      },
      exclude: {
        shape: { kind: 'list', of: path },
        description: 'Files, or folders with all that is below, which are left out.',
      },
      baseline: {
        shape: pathBelow,
        description: 'The baseline with the findings that are left for later, from the folder of this file.',
      },
    },
  } as const satisfies ObjectShape;
}
