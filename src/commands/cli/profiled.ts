import { createProfile, profiled, profileLines } from '../../base/profile.js';
import type { CommandContext } from './context.js';

/** Runs a command, and tells on standard error where its time went; where another process did the work, that one tells. */
export async function withProfile(
  context: CommandContext,
  run: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const { supervise, started = performance.now(), terminal } = context;
  const profile = createProfile();
  let isHandedOver = false;
  const counted: CommandContext = supervise
    ? {
        ...context,
        supervise(job, by, sink) {
          isHandedOver = true;
          return supervise({ ...job, isProfiled: true }, by, sink);
        },
      }
    : context;
  try {
    return await profiled(profile, () => run(counted));
  } finally {
    if (!isHandedOver) terminal.writeError(profileLines(profile, performance.now() - started).join(''));
  }
}
