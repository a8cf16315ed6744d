import type { Terminal } from './terminal.js';

/** So often is often enough to be seen moving, in milliseconds. */
const interval = 100;

/**
 * Shows how far an analysis is, while it runs: parsing takes no turn of the event loop, so that no timer could.
 * @returns what takes note of each function that is about to be parsed, in the file that is given
 */
export function parsingProgress(
  terminal: Pick<Terminal, 'showsProgress' | 'progress'>,
  now: () => number = () => performance.now(),
): (path: string) => void {
  if (!terminal.showsProgress) return () => undefined;
  const files = new Set<string>();
  let functions = 0;
  let told = now();
  return (path) => {
    files.add(path);
    functions += 1;
    if (now() - told < interval) return;
    told = now();
    terminal.progress(`scanning: ${files.size} files read, ${functions} functions followed`);
  };
}
