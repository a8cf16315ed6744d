#!/usr/bin/env node
import { runCommand } from './commands/cli/run-command.js';
import { streamTerminal, terminalTraits } from './commands/cli/terminal.js';

const { argv, env } = process;

/** Absolute paths can be used though somebody has removed the folder that this process runs in. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return env['PWD'] ?? '/';
  }
}

process.exitCode = await runCommand(argv.slice(2), {
  env,
  cwd: workingDirectory(),
  // Not before a command asks: the process that does the work may be another one, and needs it untouched.
  stdin: () => process.stdin,
  terminal: streamTerminal(process, terminalTraits(process, env), (code) => process.exit(code)),
  supervise: async (job, context, sink) => {
    const { supervise } = await import('./commands/supervise/supervise.js');
    return await supervise(job, context, process, sink);
  },
  started: 0,
});
