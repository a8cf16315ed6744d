import { fill } from '../../docs/compile/fill.js';
import type { PatchDraft } from '../../input/git/format-patch.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { changedFiles, isSameEdit, type MadeFix } from '../../lint/index.js';
import { subjectPrefix } from './subject-prefix.js';

/** As Documentation/process/submitting-patches.rst asks for. */
const messageWidth = 72;

/** Fixes that make one patch: they do the same thing to one file, or repeat a part of another fix. */
interface Group {
  readonly path: string;
  readonly title: string;
  readonly members: MadeFix[];
}

/**
 * One patch for each kind of change to a file, in the order of the findings, each on top of those before it.
 * @param subjectsOf the subjects of the last patches of a file
 */
export async function fixDrafts(
  tree: SourceTree,
  fixed: readonly MadeFix[],
  subjectsOf: (path: string) => Promise<readonly string[]>,
): Promise<readonly PatchDraft[]> {
  const groups = groupFixes(fixed);
  const subjects = new Map<string, readonly string[]>();
  for (const { path } of groups) if (!subjects.has(path)) subjects.set(path, await subjectsOf(path));
  let before: ReadonlyMap<string, string> = new Map();
  return groups.map(({ path, title, members }, index) => {
    const after = changedFiles(
      tree,
      groups.slice(0, index + 1).flatMap((group) => group.members),
    );
    const files = [...after].flatMap(([name, text]) => {
      const former = before.get(name) ?? tree.read(name) ?? null;
      return former === text ? [] : [{ path: name, before: former, after: text }];
    });
    before = after;
    return { subject: `${subjectPrefix(path, subjects.get(path) ?? [])}: ${title}`, body: bodyOf(members), files };
  });
}

function groupFixes(fixed: readonly MadeFix[]): readonly Group[] {
  const groups: Group[] = [];
  for (const each of fixed) {
    const { title, edits } = each.fix;
    const path = edits[0]?.path ?? each.finding.file;
    const group = groups.find(
      (known) =>
        (known.path === path && known.title === title) || known.members.some((member) => doesAll(member, each)),
    );
    if (group) group.members.push(each);
    else groups.push({ path, title, members: [each] });
  }
  return groups;
}

function doesAll({ fix }: MadeFix, other: MadeFix): boolean {
  return other.fix.edits.every((edit) => fix.edits.some((one) => isSameEdit(edit, one)));
}

function bodyOf(members: readonly MadeFix[]): string {
  const reasons = [...new Set(members.map(({ fix }) => fix.reason))];
  const rules = [...new Set(members.map(({ finding }) => finding.rule))].join(', ');
  return [...reasons, `Found by dmabuf-lint (${rules}).`].map((text) => fill(text, messageWidth)).join('\n\n');
}
