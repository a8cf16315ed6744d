import { writeSync } from 'node:fs';
import { exitFindings } from '../cli/exit-codes.js';
import type { Ending } from './format.js';
import { hasFinding } from './print.js';

/** The exit code that NIPA takes for a warning. */
const exitWarning = 250;

/**
 * Reports a result to NIPA: writes the summary to the descriptor that NIPA names in DESC_FD, and returns 0, 250 for a
 * warning, or 1. Source: the README of NIPA, "Tests".
 * @returns the exit code
 */
export function concludeNipa({ report, failOn, env, terminal }: Ending): number {
  const descriptor = env['DESC_FD'];
  if (descriptor !== undefined) {
    try {
      writeSync(Number.parseInt(descriptor, 10), `${report.summary}\n`);
    } catch {
      terminal.writeError(`dmabuf-lint: DESC_FD=${descriptor} is not an open file descriptor: the summary is lost\n`);
    }
  }
  if (hasFinding(report, failOn)) return exitFindings;
  return hasFinding(report, 'warning') ? exitWarning : 0;
}
