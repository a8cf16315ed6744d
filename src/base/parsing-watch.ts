/**
 * Takes note of what is about to be parsed, in a process that another one looks after.
 * @returns whether it may be parsed; false for what a former process crashed on
 */
export type ParsingWatch = (path: string, name: string) => boolean;

let watch: ParsingWatch | undefined;
let isStrict = false;

/**
 * Installs the watch. Only the entry file of a supervised process does so; such a process runs one command.
 * @param mustSeeAll whether nothing may be parsed that the watch does not see, as in another thread
 */
export function watchParsing(by: ParsingWatch, mustSeeAll = false): void {
  watch = by;
  isStrict = mustSeeAll;
}

/** Whether other threads of this process, where no watch is, may parse. */
export function mayParseElsewhere(): boolean {
  return !isStrict;
}

/**
 * Reports what is about to be parsed, before the parser gets it: a crash in native code leaves no other trace.
 * @returns whether it may be parsed
 */
export function mayParse(path: string, name: string): boolean {
  return watch === undefined || watch(path, name);
}
