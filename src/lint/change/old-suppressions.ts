import { withCurrentNames } from '../baseline/compare.js';
import type { PlacedSuppression } from '../suppression/placed-suppression.js';
import { plainCode } from '../suppression/plain-code.js';

/** The suppression comments of a tree, and its texts. */
export interface SuppressionSide {
  readonly suppressions: readonly PlacedSuppression[];
  textOf(path: string): string | undefined;
}

/** Which files differ between two trees. */
export interface ChangedFiles {
  /** The former name of each renamed file, by its new name. */
  readonly renames: ReadonlyMap<string, string>;
  isChanged(path: string): boolean;
}

/**
 * Finds the suppression comments that a tree has already before a change: they may have moved with the code that they
 * cover, or that code may have been edited below them. A comment that was put to other code is none of them.
 * @returns those of `after`
 */
export function oldSuppressions(
  before: SuppressionSide,
  after: SuppressionSide,
  { renames, isChanged }: ChangedFiles,
): ReadonlySet<PlacedSuppression> {
  const old = new Set(after.suppressions.filter(({ path }) => !isChanged(path)));
  const gone = new Set(renames.values());
  /** The name under which the former tree has a file; a new file in the place of a renamed one is another. */
  const former = (path: string): string => renames.get(path) ?? (gone.has(path) ? '' : path);
  const usedUp = new Set<PlacedSuppression>();
  const edits = editedCode(before, after);
  for (const { keyOf, isSame } of ways(edits)) {
    const left = group(before.suppressions, usedUp, (one) => keyOf(one, one.path));
    for (const now of after.suppressions) {
      if (old.has(now)) continue;
      // One candidate is enough: where several have the same key, they differ in nothing that matters.
      const candidates = left.get(keyOf(now, former(now.path)));
      const then = candidates?.at(-1);
      if (!then || !isSame(then, now)) continue;
      candidates?.pop();
      usedUp.add(then);
      old.add(now);
    }
  }
  return old;
}

/** A way in which a comment is known again. */
interface Way {
  keyOf(suppression: PlacedSuppression, path: string): string;
  isSame(then: PlacedSuppression, now: PlacedSuppression): boolean;
}

/** The ways in which a comment is known again, the surest first. */
function ways({ isRenamed, isEdited }: EditedCode): readonly Way[] {
  const key = (...parts: readonly (string | null)[]): string => parts.join('\0');
  return [
    {
      keyOf: ({ rule, function: name, code }, path) => key(path, rule, name, withCurrentNames(code)),
      isSame: () => true,
    },
    {
      keyOf: ({ rule, reason, code }, path) => key(path, rule, reason, withCurrentNames(code)),
      isSame: isRenamed,
    },
    { keyOf: ({ rule, reason, function: name }, path) => key(path, rule, reason, name), isSame: isEdited },
  ];
}

function group(
  suppressions: readonly PlacedSuppression[],
  usedUp: ReadonlySet<PlacedSuppression>,
  keyOf: (suppression: PlacedSuppression) => string,
): Map<string, PlacedSuppression[]> {
  const groups = new Map<string, PlacedSuppression[]>();
  for (const suppression of suppressions) {
    if (usedUp.has(suppression)) continue;
    const group = groups.get(keyOf(suppression));
    if (group) group.push(suppression);
    else groups.set(keyOf(suppression), [suppression]);
  }
  return groups;
}

/** What became of the function around a comment, and of the code that it covers. */
interface EditedCode {
  /** Whether the file has the former function no longer: then it has another name. */
  isRenamed(then: PlacedSuppression, now: PlacedSuppression): boolean;
  /** Whether the former code is gone and the present code took its place. */
  isEdited(then: PlacedSuppression, now: PlacedSuppression): boolean;
}

/** How often a text is searched for; a change with more such comments is no edit that people make. */
const mostSearches = 500;

function editedCode(before: SuppressionSide, after: SuppressionSide): EditedCode {
  const [textBefore, textAfter] = [plainTexts(before), plainTexts(after)];
  let searches = 0;
  return {
    isRenamed(then, now) {
      if (then.function === null || now.function === null || searches++ > mostSearches) return false;
      return !new RegExp(`\\b${then.function}\\b`).test(textAfter(now.path));
    },
    isEdited(then, now) {
      if (searches++ > mostSearches) return false;
      const occurrences = ({ code }: PlacedSuppression): readonly [before: number, after: number] => [
        countOf(code, textBefore(then.path)),
        countOf(code, textAfter(now.path)),
      ];
      const [oldBefore, oldAfter] = occurrences(then);
      const [newBefore, newAfter] = occurrences(now);
      return oldAfter < oldBefore && newAfter > newBefore;
    },
  };
}

/** The texts of files without comments and line breaks, each made once. */
function plainTexts({ textOf }: SuppressionSide): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const text = known.get(path) ?? plainCode(textOf(path) ?? '');
    known.set(path, text);
    return text;
  };
}

function countOf(part: string, text: string): number {
  return part === '' ? 0 : text.split(part).length - 1;
}
