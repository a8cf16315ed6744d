// Which member of a structure has the buffer to which another one has the attachment?

import { attachFunctions, attachmentTag } from '../../kernel/index.js';
import { type Codebase, folderOf, memoByFile, plain } from '../../program/index.js';
import { keyHolding, objectOfKey } from '../state/heap.js';
import type { State } from '../state/state.js';
import type { Value } from '../state/value.js';

const attaches = new RegExp(`\\b(?:${attachFunctions.join('|')})\\s*\\(`);
/** `x->attach = dma_buf_attach(x->dmabuf, …`: the attachment and the buffer, each with the object in which it stands. */
const attachment = new RegExp(
  String.raw`(?:\b(\w+)(?:->|\.))?\b(\w+)\s*=\s*(?:${attachFunctions.join('|')})\s*\(\s*(?:(\w+)(?:->|\.))?(\w+)\s*,`,
  'g',
);

/** The member with an attachment, and the one with its buffer. */
type Pair = readonly [attachment: string, buffer: string];

/**
 * Returns the buffer of an attachment that was read from a member, as far as the code that fills such structures tells
 * where they keep the buffer. Undefined where it does not, or in more than one way, or where several structures have such a
 * member: the buffer of another driver's may be beside it by chance.
 */
export function bufferBeside(codebase: Codebase, path: string, attached: Value, state: State): Value | undefined {
  const key = keyHolding(state, attached);
  if (key === undefined) return undefined;
  const member = key.slice(key.indexOf('.') + 1);
  const buffers = new Set(pairsNear(codebase, path).flatMap(([name, buffer]) => (name === member ? [buffer] : [])));
  const [buffer] = buffers;
  return buffers.size === 1 && declarationsNear(codebase, path, member) === 1
    ? state.heap.get(`${objectOfKey(key)}.${buffer}`)
    : undefined;
}

/** How many structures of a folder declare an attachment by this name. */
function declarationsNear(codebase: Codebase, path: string, member: string): number {
  const declaration = new RegExp(`\\b${attachmentTag}\\s*\\*\\s*${member}\\s*;`, 'g');
  const files = codebase.program.candidatesWith(attachmentType).filter((file) => folderOf(file) === folderOf(path));
  return files.reduce((count, file) => count + declaredIn(codebase.program.file(file)?.code ?? '', declaration), 0);
}

/** How often a text declares it outside of functions: there a member stands one tab deep in a structure. */
function declaredIn(code: string, declaration: RegExp): number {
  return [...code.matchAll(declaration)].filter(({ index }) => isInStructure(code, index)).length;
}

function isInStructure(code: string, at: number): boolean {
  const opened = code.lastIndexOf('\n}', at);
  const before = code.slice(Math.max(opened, 0), at);
  return /\bstruct\b[\w\s]*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*$/.test(before);
}

const attachmentType = new RegExp(`\\b${attachmentTag}\\b`);

function pairsNear(codebase: Codebase, path: string): readonly Pair[] {
  const files = codebase.program.candidatesWith(attaches).filter((file) => folderOf(file) === folderOf(path));
  return files.flatMap((file) =>
    memoByFile(codebase, file, 'attached-members', () => pairsIn(codebase.program.file(file)?.code ?? ''), plain()),
  );
}

function pairsIn(code: string): readonly Pair[] {
  return [...code.matchAll(attachment)].flatMap(
    ([, object, name = '', owner, buffer = ''], index, all): readonly Pair[] => {
      if (object !== undefined && object === owner) return [[name, buffer]];
      // Both may be variables that are stored a few lines later, in members of one structure.
      const start = all[index]?.index ?? 0;
      const body = code.slice(start, functionEnd(code, start));
      const first = object === undefined ? storedIn(body, name) : [[object, name] as const];
      const second = owner === undefined ? storedIn(body, buffer) : [[owner, buffer] as const];
      return first.flatMap(([one, kept]) =>
        second.flatMap(([other, beside]): readonly Pair[] => (one === other ? [[kept, beside]] : [])),
      );
    },
  );
}

function functionEnd(code: string, from: number): number {
  const end = code.indexOf('\n}', from);
  return end < 0 ? code.length : end;
}

/** The objects and members in which a variable is stored. */
function storedIn(body: string, variable: string): readonly (readonly [object: string, member: string])[] {
  const stores = new RegExp(`\\b(\\w+)(?:->|\\.)(\\w+)\\s*=\\s*${variable}\\s*;`, 'g');
  return [...body.matchAll(stores)].map(([, object = '', member = '']) => [object, member]);
}
