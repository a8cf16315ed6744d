import { tmpdir } from 'node:os';

/** Environment variables, as the caller of a command has them: below the commands nothing reads `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder for temporary files that an environment names, or the system's. */
export function temporaryFolder(env: Environment): string {
  return env['TMPDIR']?.replace(/(?<=.)\/$/, '') || tmpdir();
}

/**
 * A path as the system finds it, whatever the working directory of the process is. Nothing is normalised: `..` after a
 * symbolic link stays what it is.
 * @param cwd an absolute path, which a relative one starts at
 */
export function pathFrom(cwd: string, path: string): string {
  return path === '' || path.startsWith('/') ? path : `${cwd}/${path}`;
}
