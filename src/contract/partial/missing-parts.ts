// What belongs to a driver and is not in the tree, so that what the rest shows is not the whole?

import { apiRow, dmaBufHeader } from '../../kernel/index.js';
import { type Codebase, memoByFile, missingObjects, plain, sameDriver } from '../../program/index.js';
import { byPlace } from '../by-place.js';
import type { NotAnalysed, TraceStep } from '../places.js';
import { unique } from '../unique.js';

/** A part of a driver that the tree does not hold: where it is named, and how to say so. */
export interface MissingPart extends TraceStep {
  /** Its name: `split_pin.o`, `split_pin()`. */
  readonly name: string;
}

/** What the tree does not hold of its drivers. Of a driver that is there in part, absence proves nothing. */
export interface MissingParts {
  /** What is missing of the driver that a file belongs to; null where nothing is, as far as the tree tells. */
  around(path: string): MissingPart | null;
  /** All that is missing around the files that were asked about so far, each part once. */
  gaps(): readonly NotAnalysed[];
}

const whatFollows = 'what the driver seems to leave out may be done there';

/**
 * Looks for what is missing.
 * @param paths the files that are asked about in any case; others may follow
 */
export function findMissingParts(codebase: Codebase, paths: readonly string[]): MissingParts {
  const known = new Map<string, readonly MissingPart[]>();
  const undefinedIn = (path: string): readonly MissingPart[] =>
    memoByFile(codebase, path, 'undefined-functions', () => functionsOf(codebase, path), plain());
  const partsOf = (path: string): readonly MissingPart[] => {
    const parts = known.get(path) ?? [...objectsOf(codebase, path), ...undefinedIn(path)];
    known.set(path, parts);
    return parts;
  };
  for (const path of paths) partsOf(path);
  return {
    around: (path) => partsOf(path)[0] ?? null,
    gaps: () =>
      onceAFile(unique([...known.values()].flat(), ({ file, name }) => `${file}:${name}`))
        .map(({ file, line, message }) => ({ file, line, function: null, reason: `${message}: ${whatFollows}` }))
        .sort(byPlace),
  };
}

/** Parts with those that one makefile builds as one: a tree may hold few of the drivers of a folder. */
function onceAFile(parts: readonly MissingPart[]): readonly MissingPart[] {
  const isObject = ({ name }: MissingPart): boolean => name.endsWith('.o');
  const built = new Map<string, MissingPart[]>();
  for (const part of parts.filter(isObject)) built.set(part.file, [...(built.get(part.file) ?? []), part]);
  const objects = [...built.values()].flatMap((some): readonly MissingPart[] => {
    const [first, ...others] = some.toSorted((one, other) => one.line - other.line);
    if (!first || others.length === 0) return some;
    const more = others.length === 1 ? '1 more object' : `${others.length} more objects`;
    return [
      { ...first, message: `'${first.name}' and ${more} are built here, but their sources are not in this tree` },
    ];
  });
  return [...parts.filter((part) => !isObject(part)), ...objects];
}

/** The objects that are built together with a file, and have no source. */
function objectsOf({ program }: Codebase, path: string): readonly MissingPart[] {
  return missingObjects(program.tree, path).map(({ file, line, object }) => ({
    file,
    line,
    name: object,
    message: `'${object}' is built here, but its source is not in this tree`,
  }));
}

/**
 * The functions that a file names, that a header of its driver or of the API declares, and that nobody defines. In a driver of
 * very many files they are not looked for: its makefile tells as well.
 */
function functionsOf(codebase: Codebase, path: string): readonly MissingPart[] {
  const { program, definitions } = codebase;
  const code = program.file(path)?.code;
  if (code === undefined || !path.endsWith('.c') || !definitions.isSmallModule(path)) return [];
  const used = new Set(code.match(/\b[A-Za-z_]\w*/g));
  return definitions
    .headers(path)
    .filter((header) => header === dmaBufHeader || sameDriver(header, path))
    .flatMap((header) =>
      [...program.namesIn(header)]
        .filter(([name, isDefined]) => !isDefined && used.has(name) && isMissing(codebase, name, path))
        .flatMap(([name]) => declaration(codebase, header, name)),
    );
}

function isMissing({ definitions }: Codebase, name: string, path: string): boolean {
  return !apiRow(name) && !definitions.macroOf(name, path) && !definitions.find(name, path);
}

/**
 * The declaration at file level. Text that only looks like a declaration does not count, and a `typedef` of a function
 * declares a type.
 */
function declaration({ program }: Codebase, header: string, name: string): readonly MissingPart[] {
  const file = program.file(header);
  const match =
    file &&
    new RegExp(`^[^\\S\\n]*(?!typedef\\b)\\w[\\w\\s*]*\\b${name}\\s*\\([^{};]*\\)[^{};()]*;`, 'm').exec(file.code);
  if (!file || !match) return [];
  const line = file.code.slice(0, match.index).split('\n').length;
  return [
    { file: header, line, name: `${name}()`, message: `${name}() is declared here, but defined nowhere in this tree` },
  ];
}
