import type { CommandContext } from './context.js';

/**
 * Runs `dmabuf-lint` as the command line does: any number of times in one process, also at the same time. It reads and
 * changes nothing of the process; what it needs to know is in the context. Errors become one line on standard error.
 * @param args the command line without the names of node and of the program, as in `['scan', 'linux', '--strict']`
 * @returns the exit code
 */
export async function runCommand(args: readonly string[], given: CommandContext): Promise<number> {
  // It is for every command, and none should have to know it.
  const isProfiled = args.includes('--profile');
  const words = args.filter((word) => word !== '--profile' && !isColour(word));
  const context = withColour(args.filter(isColour).at(-1), given);
  const [command, ...rest] = words;
  if (command === 'kbuild' && !rest.includes('--help')) {
    // Make calls it for every file of a kernel: nothing is loaded that it does not need, and no flag is taken for ours.
    const { reportError } = await import('./errors.js');
    try {
      const { kbuild } = await import('../kbuild/kbuild.js');
      return await kbuild(rest, context);
    } catch (error) {
      return reportError(error, context);
    }
  }
  if ((command === '--version' || command === '-V') && rest.length === 0) {
    const { toolVersion } = await import('./version.js');
    context.terminal.write(`${toolVersion()}\n`);
    return 0;
  }
  const { runMain } = await import('./main.js');
  return await runMain(words, isProfiled, context);
}

/** `--color`, as git and ls have it. Other words after the `=` are refused as an unknown option. */
function isColour(word: string): boolean {
  return /^--color(?:=(?:always|never|auto))?$/.test(word);
}

function withColour(word: string | undefined, context: CommandContext): CommandContext {
  if (word === undefined || word === '--color=auto') return context;
  return { ...context, terminal: { ...context.terminal, hasColour: word !== '--color=never' } };
}
