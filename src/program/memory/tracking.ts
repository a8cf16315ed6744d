import { type FileTables, patternKey } from '../files/file-tables.js';
import { functionKey, type Program } from '../program.js';
import { factsOf } from './facts-of.js';
import type { Memory } from './memory.js';

/**
 * A program that notes every question in the memory, as a fact: a whole file (`file:`), a function's body (`body:`), what
 * a name means (`name:`), where it stands (`word:`), a list (`list:`) and so on. An answer that is made from it depends on
 * these facts, and on nothing else of the tree.
 * @param lacks where it is noted which words were looked for in a file, and do not stand there
 */
export function trackProgram(program: Program, memory: Memory, lacks: FileTables['lacks']): Program {
  const fileFact = factsOf('file');
  const noteFile = (path: string): string => {
    memory.note(fileFact(path));
    return path;
  };
  /** A question that depends on one fact. */
  const noted =
    <T, R>(factOf: (about: T) => string, ask: (about: T) => R) =>
    (about: T): R => {
      memory.note(factOf(about));
      return ask(about);
    };
  return {
    ...program,
    get candidates() {
      memory.note('list:candidates');
      return program.candidates;
    },
    get mentions() {
      memory.note('list:mentions');
      return program.mentions;
    },
    get sources() {
      memory.note('list:sources');
      return program.sources;
    },
    candidatesWith: noted((pattern) => `pattern:${patternKey(pattern)}`, program.candidatesWith),
    exporterOf: noted((name) => `name:${name}`, program.exporterOf),
    file: (path) => program.file(noteFile(path)),
    text: (path) => program.text(noteFile(path)),
    includesOf: noted((path) => `includes:${path}`, program.includesOf),
    has: (path) => program.has(noteFile(path)),
    peek: (path) => program.peek(noteFile(path)),
    mayHold: (path, word) => program.mayHold(noteFile(path), word),
    mayHoldWhole: (path, word) => program.mayHoldWhole(noteFile(path), word),
    macrosIn: noted((path) => `macros:${path}`, program.macrosIn),
    includes(path, word) {
      // Where the file lacks the word, the answer changes only if the word is added.
      memory.note(`word:${word}`);
      if (program.includes(path, word)) return noteFile(path) === path;
      const known = lacks.get(path);
      if (known) known.add(word);
      else lacks.set(path, new Set([word]));
      return false;
    },
    namesIn: (path) => program.namesIn(noteFile(path)),
    tagsIn: (path) => program.tagsIn(noteFile(path)),
    lower: noted((ref) => `body:${functionKey(ref)}`, program.lower),
    bodyText: noted((ref) => `body:${functionKey(ref)}`, program.bodyText),
    translationUnit: noted((path) => `unit:${path}`, program.translationUnit),
    folder: noted(() => 'list:sources', program.folder),
  };
}
