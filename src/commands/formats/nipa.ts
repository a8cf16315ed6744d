import { writeSync } from 'node:fs';
import { exitFindings } from '../cli/exit-codes.js';
import type { Ending } from './formats.js';
import { hasFinding } from './print.js';

/** What NIPA takes for a warning. */
const exitWarning = 250;

/**
 * Tells NIPA what came out: the summary goes to the descriptor that it names in DESC_FD, the exit code is 0, 250 for a
 * warning, or 1. Source: the README of NIPA, "Tests".
 * @returns the exit code
 */
export function concludeNipa({ report, failOn, env, terminal }: Ending): number {
  const descriptor = env['DESC_FD'];
  if (descriptor !== undefined) {
    try {
      writeSync(Number.parseInt(descriptor, 10), `${report.summary}\n`);
    } catch {
      terminal.writeError(`dmabuf-lint: DESC_FD=${descriptor} is no open file descriptor: the summary went nowhere\n`);
    }
  }
  if (hasFinding(report, failOn)) return exitFindings;
  return hasFinding(report, 'warning') ? exitWarning : 0;
}
