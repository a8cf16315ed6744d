import { execFile } from 'node:child_process';
import { ownGit } from '../kernels/kernel-repository.js';

/** The verdict of one of the kernel's own tools on the patches. */
export interface Judgement {
  readonly judge: string;
  /** `not run`: the machine or the tree lacks what the judge needs; `output` says what. */
  readonly verdict: 'passed' | 'failed' | 'not run';
  /** What it printed, and where lines are compared with those of the tree without the patches, what is new. */
  readonly output: string;
  readonly seconds: number;
}

/** What a program printed, and how it ended. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The Python that Debian's modules belong to; the first in PATH may be another. */
export const python = '/usr/bin/python3';

/**
 * Runs a program in the repository as its own user would, with nothing of this machine's settings.
 *
 * @param program what is run
 * @param args its arguments
 * @param repository where it runs
 * @param more further environment
 * @returns what it said, whatever its exit code; 127 where it is not installed
 */
export function ask(
  program: string,
  args: readonly string[],
  repository: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const env = {
    ...ownGit,
    // Debian's own programs first: checkpatch and the scripts look for `python3` by its name.
    PATH: `/usr/bin:/bin:${process.env['PATH'] ?? ''}`,
    LC_ALL: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    // No .checkpatch.conf or .get_maintainer.conf of the user's: there is no such folder.
    HOME: '/nonexistent',
    ...more,
  };
  const options = { cwd: repository, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else if (code === 'ENOENT') resolve({ code: 127, stdout, stderr: `${program} is not installed\n` });
      else reject(error);
    });
  });
}

/**
 * The judgement of what `work` found, and how long it took.
 *
 * @param judge its name
 * @param work gives verdict and output
 * @returns the judgement
 */
export async function judged(
  judge: string,
  work: () => Promise<Pick<Judgement, 'verdict' | 'output'>>,
): Promise<Judgement> {
  const started = performance.now();
  const found = await work();
  return { judge, ...found, seconds: (performance.now() - started) / 1000 };
}

/**
 * The messages that are new, however their lines moved.
 *
 * @param before what a tool printed without the patches
 * @param after what it printed with them
 * @returns the lines of `after` that are not in `before`, or are there more often
 */
export function newMessages(before: string, after: string): readonly string[] {
  const left = new Map<string, number>();
  for (const line of before.split('\n')) left.set(unnumbered(line), (left.get(unnumbered(line)) ?? 0) + 1);
  return after.split('\n').filter((line) => {
    const count = left.get(unnumbered(line)) ?? 0;
    left.set(unnumbered(line), count - 1);
    return line.trim() !== '' && count <= 0;
  });
}

function unnumbered(line: string): string {
  return line.replace(/:\d+\b/g, ':');
}
