import { deserialize, serialize } from 'node:v8';
import type { FunctionUnit } from '../../../c/index.js';
import type { EarlierAnswers } from '../memory.js';
import { type Answer, type EarlierAnswer, type MarkPlace, noDependents, type Source } from '../shelf.js';
import type { FileRecord } from './records.js';

/**
 * What is written: facts and answers with what they depend on. Answers are numbered so that each depends on smaller
 * numbers only; a fact is written as a negative number, the first as -1.
 */
export interface KeptAnswers {
  readonly sources: string;
  readonly mentions: readonly string[];
  readonly candidates: readonly string[];
  readonly facts: readonly string[];
  /** What each fact said. */
  readonly values: readonly string[];
  readonly records: ReadonlyMap<string, FileRecord>;
  /** The candidates that match a pattern, by its key. */
  readonly patterns: ReadonlyMap<string, readonly string[]>;
  /** The key of each answer; empty where the answer itself is not kept, only what it depends on. */
  readonly keys: readonly string[];
  /** The end of each answer's part of `depends`. */
  readonly ends: Int32Array;
  readonly depends: Int32Array;
  /** The settings that answers depend on: number of the answer, name, value. */
  readonly settings: readonly (readonly [number, string, string | undefined])[];
  /** The functions that answers have met and that cannot be parsed as a whole: number of the answer, file, offset. */
  readonly marks: readonly (readonly [number, string, number])[];
  /** The end of each answer's part of `packed`. */
  readonly packedEnds: Int32Array;
  readonly packed: Uint8Array;
}

/** The answers and facts that an analysis depends on. */
export type UsedAnswers = Pick<
  KeptAnswers,
  'keys' | 'ends' | 'depends' | 'settings' | 'marks' | 'packedEnds' | 'packed'
> & {
  readonly facts: readonly string[];
};

type Part = 'key' | 'form' | 'value' | 'sources' | 'settings' | 'marks' | 'earlier';
type Node = Source & Partial<Pick<Answer, Part>> & Partial<Pick<EarlierAnswer, 'packed' | 'marked'>>;

/** What stands for an answer among those to keep: what an earlier run kept of it, where it did. */
const standIn = (source: Source): Node => (source as Node).earlier ?? source;

/** The facts on which an analysis depends, by itself or through its answers. */
export function factsUsed(used: Iterable<Source>): ReadonlySet<string> {
  const facts = new Set<string>();
  const seen = new Set<Source>();
  // Earlier runs and other threads each have one set, which grows.
  const ofEarlier = new Set<ReadonlySet<string>>();
  const stack: Node[] = [...used];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.fact !== undefined) facts.add(node.fact);
    else if (node.earlier) ofEarlier.add(node.earlier.reached());
    else if (!seen.has(node)) {
      seen.add(node);
      for (const source of node.sources ?? []) stack.push(source);
    }
  }
  for (const reached of ofEarlier) for (const fact of reached) facts.add(fact);
  return facts;
}

/** Numbers the answers and facts on which an analysis depends, and packs their values. */
export function packAnswers(used: Iterable<Source>): UsedAnswers {
  const facts = new Map<string, number>();
  const numbers = new Map<Source, number>();
  const keys: string[] = [];
  const [ends, depends, packedEnds]: [number[], number[], number[]] = [[], [], []];
  const settings: [number, string, string | undefined][] = [];
  const marks: [number, string, number][] = [];
  const parts: Uint8Array[] = [];
  let size = 0;
  const numberOf = (source: Source): number => {
    if (source.fact === undefined) return numbers.get(standIn(source)) ?? 0;
    const known = facts.get(source.fact) ?? -1 - facts.size;
    facts.set(source.fact, known);
    return known;
  };
  const add = (answer: Node): void => {
    for (const source of answer.sources ?? []) depends.push(numberOf(source));
    ends.push(depends.length);
    const packed = packedValue(answer);
    for (const [name, value] of packed ? (answer.settings ?? []) : []) settings.push([keys.length, name, value]);
    for (const [path, start] of packed ? placesMarked(answer) : []) marks.push([keys.length, path, start]);
    numbers.set(answer, keys.length);
    keys.push(packed ? (answer.key ?? '') : '');
    if (packed) parts.push(packed);
    size += packed?.length ?? 0;
    packedEnds.push(size);
  };
  for (const answer of inOrder(used, numberOf)) add(answer);
  return {
    facts: [...facts.keys()],
    keys,
    ends: Int32Array.from(ends),
    depends: Int32Array.from(depends),
    settings,
    marks,
    packedEnds: Int32Array.from(packedEnds),
    packed: Buffer.concat(parts),
  };
}

/** All answers that some depend on, each after those that it depends on itself. Facts are only numbered. */
function* inOrder(used: Iterable<Source>, note: (fact: Source) => unknown): Iterable<Node> {
  const seen = new Set<Source>();
  const stack: { readonly node: Node; readonly rest: Iterator<Source> }[] = [];
  const visit = (any: Source): void => {
    const source = standIn(any);
    if (source.fact !== undefined) note(source);
    else if (!seen.has(source)) {
      seen.add(source);
      stack.push({ node: source, rest: (source.sources ?? new Set<Source>()).values() });
    }
  };
  for (const source of used) {
    visit(source);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest.next();
      if (!next.done) visit(next.value);
      else {
        stack.pop();
        yield top.node;
      }
    }
  }
}

function placesMarked({ marked, marks }: Node): readonly MarkPlace[] {
  return marked ?? [...(marks ?? [])].map(({ path, start }) => [path, start]);
}

/** The value of an answer as bytes; undefined where it is not kept. */
function packedValue({ form, value, packed }: Node): Uint8Array | undefined {
  if (packed) return packed;
  if (!form) return undefined;
  try {
    return serialize(form.pack(value));
  } catch {
    return undefined; // too deep, or no plain data: this answer is made anew
  }
}

type EarlierNode = EarlierAnswer & { readonly key: string };

/** What answers of earlier runs are made again with. */
export interface AnswerParts {
  /** The source that stands for a fact. */
  sourceOfFact(fact: string): Source;
  /** The function that begins at an offset of a file. @throws where there is none */
  functionAt(place: MarkPlace): FunctionUnit;
}

/**
 * Makes the answers of an earlier run, or of another thread, available that depend on nothing stale.
 */
export function openAnswers(
  kept: UsedAnswers,
  stale: ReadonlySet<string>,
  { sourceOfFact, functionAt }: AnswerParts,
): EarlierAnswers {
  const { keys, ends, depends, packedEnds, packed, facts } = kept;
  const isStaleFact = facts.map((fact) => stale.has(fact));
  const isStale = new Uint8Array(keys.length);
  const settings = new Map<number, Map<string, string | undefined>>();
  for (const [index, name, value] of kept.settings) {
    const known = settings.get(index) ?? new Map<string, string | undefined>();
    settings.set(index, known.set(name, value));
  }
  const marked = new Map<number, MarkPlace[]>();
  for (const [index, ...place] of kept.marks) {
    const known = marked.get(index);
    if (known) known.push(place);
    else marked.set(index, [place]);
  }
  const nodes: (EarlierNode | undefined)[] = [];
  const isReached = new Uint8Array(keys.length);
  const reached = new Set<string>();
  const reach = (first: number): ReadonlySet<string> => {
    const stack = [first];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (index < 0) reached.add(facts[-1 - index] ?? '');
      else if (!isReached[index]) {
        isReached[index] = 1;
        for (let at = startOf(ends, index); at < (ends[index] ?? 0); at++) stack.push(depends[at] ?? 0);
      }
    }
    return reached;
  };
  const startOf = (of: Int32Array, index: number): number => (index === 0 ? 0 : (of[index - 1] ?? 0));
  const nodeOf = (index: number): Source => {
    if (index < 0) return sourceOfFact(facts[-1 - index] ?? '');
    nodes[index] ??= nodeAt(index);
    return nodes[index];
  };
  const nodeAt = (index: number): EarlierNode => {
    let sources: ReadonlySet<Source> | undefined;
    const places = marked.get(index) ?? noPlaces;
    const bytes = packed.subarray(startOf(packedEnds, index), packedEnds[index]);
    return {
      key: keys[index] ?? '',
      dependents: noDependents,
      get sources() {
        sources ??= new Set([...depends.subarray(startOf(ends, index), ends[index])].map(nodeOf));
        return sources;
      },
      settings: settings.get(index) ?? new Map(),
      packed: bytes,
      marked: places,
      parseMarked: () => new Set(places.map(functionAt)),
      reached: () => reach(index),
      value: (form) => form.unpack(deserialize(bytes)),
    };
  };
  const found = new Map<string, number>();
  keys.forEach((key, index) => {
    for (let at = startOf(ends, index); at < (ends[index] ?? 0); at++) {
      const on = depends[at] ?? 0;
      if (on < 0 ? isStaleFact[-1 - on] : isStale[on]) isStale[index] = 1;
    }
    if (key !== '' && !isStale[index]) found.set(key, index);
  });
  return {
    get(key) {
      const index = found.get(key);
      if (index === undefined) return undefined;
      nodes[index] ??= nodeAt(index);
      return nodes[index];
    },
  };
}

const noPlaces: readonly MarkPlace[] = [];

/** Writes what is kept as bytes. */
export function writeKept(kept: KeptAnswers): Buffer {
  return serialize(kept);
}

/** Reads what {@link writeKept} wrote. @throws where it is something else */
export function readKept(bytes: Buffer): KeptAnswers {
  return deserialize(bytes) as KeptAnswers;
}
