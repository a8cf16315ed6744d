// Which code is test code, whose findings weigh less?

import { conditionsAt, type SourceFile } from '../c/index.js';
import { definesTests, testHeaders } from '../kernel/index.js';
import type { Codebase } from '../program/index.js';

/** Returns whether a path is that of test code. */
function isTestPath(path: string): boolean {
  return (
    /(^|\/)(tests?|selftests?|kunit)\//.test(path) ||
    /(^|\/)\w*(selftest|kunit)\w*\.[ch]$/.test(path) ||
    /_test\.[ch]$/.test(path)
  );
}

/**
 * Returns whether a file is test code, by its path or by its content: it includes the header of a test framework and
 * defines tests, whatever its name is.
 */
export function isTestCode(codebase: Codebase, path: string): boolean {
  if (isTestPath(path)) return true;
  const file = codebase.program.file(path);
  return file !== undefined && isTestFile(file);
}

const known = new WeakMap<SourceFile, boolean>();

function isTestFile(file: SourceFile): boolean {
  const answer = known.get(file) ?? (isIncluded(file) && hasTests(file));
  known.set(file, answer);
  return answer;
}

function isIncluded({ unit }: SourceFile): boolean {
  return unit.includes.some(({ path, at }) => testHeaders.has(path) && conditionsAt(unit, at).length === 0);
}

/** Whether tests stand in a file outside of any `#if`: a driver has its own tests under one, and is none itself. */
function hasTests({ code, unit }: SourceFile): boolean {
  return [...code.matchAll(definesTests)].some(({ index }) =>
    conditionsAt(unit, index).every((condition) => /^#ifndef \w*_H_*$/i.test(condition)),
  );
}
