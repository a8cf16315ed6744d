import { patternKey } from '../files/file-tables.js';
import { functionKey, type Program } from '../program.js';
import type { Memory } from './memory.js';

/**
 * A program that notes every question in the memory, as a fact: a whole file (`file:`), a function's body (`body:`), what
 * a name means (`name:`), where it stands (`word:`), a list (`list:`) and so on. An answer that is made from it depends on
 * these facts, and on nothing else of the tree.
 */
export function trackProgram(program: Program, memory: Memory): Program {
  const noteFile = (path: string): string => {
    memory.note(`file:${path}`);
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
    macrosIn: noted((path) => `macros:${path}`, program.macrosIn),
    includes(path, word) {
      // Where the file lacks the word, the answer changes only if the word is added.
      memory.note(`word:${word}`);
      return program.includes(path, word) && noteFile(path) === path;
    },
    namesIn: (path) => program.namesIn(noteFile(path)),
    tagsIn: (path) => program.tagsIn(noteFile(path)),
    lower: noted((ref) => `body:${functionKey(ref)}`, program.lower),
    bodyText: noted((ref) => `body:${functionKey(ref)}`, program.bodyText),
    translationUnit: noted((path) => `unit:${path}`, program.translationUnit),
    folder: noted(() => 'list:sources', program.folder),
  };
}
