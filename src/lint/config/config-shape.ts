import { severities } from '../finding.js';

/** What a value of the configuration may be: the JSON schema and the check of a configuration both follow from it. */
export type Shape =
  | {
      readonly kind: 'text';
      /** What it has to be, after "must be". */
      readonly noun: string;
      readonly pattern: string;
    }
  | { readonly kind: 'choice'; readonly among: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: 'object';
  /** What its keys name, as in "unknown rule". */
  readonly keyNoun: string;
  readonly members: Readonly<Record<string, Member>>;
}

export interface Member {
  readonly shape: Shape;
  readonly isRequired?: true;
  /** For whoever writes a configuration, as a sentence. */
  readonly description: string;
}

/** A rule, as far as a configuration has to do with it. */
export interface NamedRule {
  readonly id: string;
  readonly summary?: string;
}

const path: Shape = { kind: 'text', noun: 'a path', pattern: '.' };
const word: Shape = { kind: 'text', noun: 'a name in C', pattern: '^\\w+$' };
// A tree's own configuration must not name files outside of it: one of them could be overwritten.
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

/** What a configuration may hold. */
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
