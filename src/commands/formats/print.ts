import { waitingFor } from '../../base/profile.js';
import { isAtLeast, type Severity } from '../../lint/finding.js';
import type { RunReport } from '../../report/run-report.js';
import { type CommandContext, writeUserFiles } from '../cli/context.js';
import type { Outputs } from './outputs.js';

/** Writes one format, where `colour` says whether it may have colours. */
type Write<Name> = (format: Name, colour: boolean) => Promise<string>;

/** Writes the files that were asked for. @throws OutputError */
export async function writeOutputs<Name extends string>(
  { files }: Outputs<Name>,
  write: Write<Name>,
  context: CommandContext,
): Promise<void> {
  const texts = await Promise.all(
    files.map(async ({ format, path }) => ({ path, text: await waitingFor('report', () => write(format, false)) })),
  );
  await writeUserFiles(context, texts);
}

/** Prints what goes to the terminal. */
export async function printOutput<Name extends string>(
  outputs: Outputs<Name>,
  write: Write<Name>,
  { terminal }: CommandContext,
): Promise<void> {
  terminal.write(await waitingFor('report', () => write(outputs.terminal, terminal.hasColour)));
}

/** Whether a report has a finding at least this bad. */
export function hasFinding({ groups }: RunReport, severity: Severity): boolean {
  return groups.some(({ findings }) => findings.some((finding) => isAtLeast(finding.severity, severity)));
}
