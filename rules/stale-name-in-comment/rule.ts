import {
  type Contract,
  dmaBufHeader,
  importerOpsTag,
  type RenamedName,
  removedMembers,
  renamedNames,
} from '../../src/contract/index.js';
import { type Confidence, defineRule, type Report } from '../../src/lint/index.js';
import { filesSaying } from '../../src/program/index.js';

export default defineRule({
  id: 'stale-name-in-comment',
  group: 'api',
  severity: 'note',
  *check(contract) {
    for (const name of renamedNames.flatMap((renamed) => absentName(contract, renamed))) {
      yield* inComments(contract, name);
      yield* inDocuments(contract, name);
    }
    yield* goneMembers(contract);
  },
});

interface AbsentName {
  readonly absent: string;
  readonly instead: string;
  readonly kind: RenamedName['kind'];
}

/** The one of two names that the tree does not have, where it has the other: mostly the old one, after a backport the new. */
function absentName({ dialect }: Contract, { old, current, kind }: RenamedName): readonly AbsentName[] {
  const has = (name: string): boolean =>
    kind === 'function' ? dialect.declared.has(name) : dialect.importerFields.includes(name);
  if (has(old) === has(current)) return [];
  return [has(current) ? { absent: old, instead: current, kind } : { absent: current, instead: old, kind }];
}

function* inComments({ world }: Contract, name: AbsentName): Iterable<Report> {
  for (const path of filesSaying(world, world.program.mentions, name.absent)) {
    const file = world.program.file(path);
    if (!file) continue;
    // A module with a `…move_notify` of its own, as TTM's drivers have, means that one.
    const hasOwn = file.code.includes(name.absent);
    for (const comment of file.unit.comments)
      yield* mentions(
        file.text,
        comment.start,
        comment.end,
        path,
        name,
        hasOwn || !world.program.candidates.includes(path),
      );
  }
}

function* inDocuments({ documents }: Contract, name: AbsentName): Iterable<Report> {
  for (const { path, text } of documents)
    yield* mentions(text, 0, text.length, path, name, !/dma[-_ ]?buf/i.test(text));
}

function* mentions(
  text: string,
  start: number,
  end: number,
  path: string,
  name: AbsentName,
  isForeign: boolean,
): Iterable<Report> {
  for (const match of text.slice(start, end).matchAll(new RegExp(`\\b${name.absent}\\b`, 'g'))) {
    const at = start + match.index;
    const confidence = confidenceOf(text, at, name, isForeign);
    if (!confidence) continue;
    yield {
      path,
      at,
      subject: name.absent,
      confidence,
      message: `'${name.absent}' is spoken of, which this tree's ${dmaBufHeader} does not have: it is called '${name.instead}'`,
      trace: [],
    };
  }
}

/** A function's name is unmistakable; a member's is where its struct stands before it. */
function confidenceOf(text: string, at: number, { kind }: AbsentName, isForeign: boolean): Confidence | undefined {
  if (kind === 'function') return 'high';
  const before = text.slice(Math.max(0, at - 60), at);
  if (new RegExp(`(?:${importerOpsTag}|importer_ops|attach)\\s*(?:\\.|->|::)\\s*$`).test(before)) return 'high';
  if (/(?:\.|->)\s*$/.test(before) || isForeign) return undefined; // a member of something else, or another module's word
  return 'medium';
}

/** Kernel-doc references to a member (`&dma_buf.lock`) that its struct does not have, and members by name alone. */
function* goneMembers({ world, dialect }: Contract): Iterable<Report> {
  const removed = removedMembers.filter(({ struct, name }) => dialect.members.get(struct)?.has(name) === false);
  const bare = removed.map(({ name }) => `|(?<![.>\\w])(?:${name})\\b`).join('');
  const pattern = new RegExp(`&(?:struct )?(dma_buf(?:_ops|_attach_ops|_attachment)?)\\.(\\w+)${bare}`, 'g');
  for (const path of world.program.candidatesWith(new RegExp(pattern.source))) {
    const file = world.program.file(path);
    for (const comment of file?.unit.comments ?? [])
      for (const match of file?.text.slice(comment.start, comment.end).matchAll(pattern) ?? []) {
        const [whole, struct, member] = match;
        const isRenamed = renamedNames.some(({ old, current }) => member === old || member === current);
        if (struct && member && (isRenamed || dialect.members.get(struct)?.has(member) !== false)) continue;
        yield {
          path,
          at: comment.start + match.index,
          subject: whole,
          confidence: struct ? 'high' : 'medium',
          message: `'${whole}' is spoken of, which is no member of this tree's struct ${struct ?? removed.find(({ name }) => name === whole)?.struct}`,
          trace: [],
        };
      }
  }
}
