#!/usr/bin/env node
import { processTerminal } from './commands/cli/terminal.js';

// It is for every command, and none should have to know it.
const isProfiled = process.argv.includes('--profile');
const [, , command, ...rest] = process.argv.filter((argument) => argument !== '--profile');
const terminal = processTerminal();

if (command === 'kbuild' && !rest.includes('--help')) {
  // Make calls it for every file of a kernel: nothing is loaded that it does not need, and no flag is taken for ours.
  const { kbuild } = await import('./commands/kbuild/kbuild.js');
  process.exitCode = await kbuild(rest, terminal);
} else if ((command === '--version' || command === '-V') && rest.length === 0) {
  const { toolVersion } = await import('./commands/cli/version.js');
  terminal.write(`${toolVersion()}\n`);
} else {
  const { runProgram } = await import('./commands/cli/main.js');
  if (isProfiled) {
    const { profileLines, startProfile } = await import('./base/profile.js');
    startProfile();
    await runProgram(terminal);
    const { wasHandedOver } = await import('./commands/cli/supervise.js');
    // Since the process was started, loading included.
    if (!wasHandedOver()) terminal.writeError(profileLines(performance.now()).join(''));
  } else await runProgram(terminal);
}
