/**
 * The files of unit tests that `npm test` leaves out, by the beginning of their path: a third of the time of all.
 * `npm run test:all` and CI run them, and so does `npm test -- word` where their path has the word. What is here tests again,
 * in another way or with much more input, what tests beside the code test as well: each floor, rule and command keeps tests
 * that always run (`slow-files.test.ts`).
 */
const slow: readonly (readonly [why: string, paths: readonly string[]])[] = [
  [
    'commands as processes of their own: signals, pipes, limits, a full disk, hooks of git',
    [
      'src/dev/process/crash',
      'src/dev/process/disk',
      'src/dev/process/faults',
      'src/dev/process/hook',
      'src/dev/process/links',
      'src/dev/process/pipes',
      'src/dev/process/profile',
      'src/dev/process/same-output',
      'src/dev/process/stdout',
      'src/dev/process/stop',
      'src/dev/kills/',
      'src/dev/demo/',
    ],
  ],
  [
    'every command on input that somebody made to break it',
    ['src/dev/hostile/', 'src/commands/cli/hostile', 'src/c/hostile', 'rules/inherited-names'],
  ],
  ['random input and random edits', ['src/dev/fuzz/']],
  [
    'the fixture trees once more: in other names, in other words, with other tables',
    [
      'src/dev/renaming/renamed-api',
      'src/dev/dialects/mapping-series',
      'src/dev/lsp/near-findings',
      'src/c/outline/packed',
      'src/docs/page/page-merge',
    ],
  ],
  [
    'what the tests of a rule, a command or a format ask as well, through each command once more',
    ['src/commands/series/added-', 'src/commands/cli/narrow-terminal', 'src/dev/pages/result-schema'],
  ],
  ['pages of docs-out that `npm run docs:check` compares as well', ['src/dev/pages/write-docs']],
];

const beginnings = slow.flatMap(([, paths]) => paths);

/** Whether `npm test` leaves a file out. @param path from the top of the package, with slashes */
export const isSlow = (path: string): boolean => beginnings.some((beginning) => path.startsWith(beginning));

/** What the table names, for its test. */
export const slowBeginnings: readonly string[] = beginnings;
