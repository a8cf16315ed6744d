import { withScratch } from '../../base/scratch.js';
import type { MailInput } from '../../input/mail/mail-series.js';
import type { WantedSeries } from '../../input/mail/mail-wanted.js';
import { openSeries } from '../../input/series/open-series.js';
import { askedFor, type SeriesOutcome } from '../../lint/index.js';
import { type CommandContext, cachesOf } from '../cli/context.js';
import { trustedConfig } from '../cli/trusted-config.js';

/** What the user names as a series, and how it is to be judged. */
export interface SeriesInput {
  /** A range, mailboxes, folders, patches, `-`; empty for the commits since the upstream branch. */
  readonly names: readonly string[];
  /** The kernel tree. */
  readonly tree: string;
  /** Which series, if the mails hold several; what is missing does not matter. */
  readonly wanted: { readonly [Key in keyof WantedSeries]: string | undefined };
  readonly base: string | undefined;
  readonly mergeWith: string | undefined;
  readonly config: string | undefined;
  readonly cache: boolean;
  /** Whether the mail is one commit of the checked-out branch, where it can be found there. */
  readonly isOneCommit: boolean;
  /** Whether to list also importers and exporters that no patch touches. */
  readonly isWhole: boolean;
  /** Whether to analyse all of the tree, and not only as far as the series reaches. */
  readonly asksWhole: boolean;
  readStdin(): Promise<MailInput>;
}

/**
 * Reads a series, applies it and judges it.
 * @param use gets the outcome; the diffs of its patches can be read until `use` is done
 * @throws UserError
 */
export async function withSeries<Answer>(
  input: SeriesInput,
  context: CommandContext,
  use: (outcome: SeriesOutcome) => Promise<Answer>,
): Promise<Answer> {
  const { cwd, env, terminal } = context;
  return await withScratch(env, async (scratch) => {
    const started = performance.now();
    const request = {
      folder: input.tree,
      names: input.names,
      wanted: {
        revision: input.wanted.revision ?? null,
        messageId: input.wanted.messageId ?? null,
        subject: input.wanted.subject ?? null,
      },
      base: input.base ?? null,
      mergeWith: input.mergeWith ?? null,
      isOneCommit: input.isOneCommit,
      cwd,
      env,
      readStdin: input.readStdin,
    };
    terminal.progress('reading the series');
    // The analysis is loaded while the series is read and applied.
    const [opened, { judgeOpened }] = await Promise.all([openSeries(request, scratch), import('./judge-opened.js')]);
    const { value: config } = await trustedConfig(input.tree, input.config, opened.trusted, context);
    const judged = await judgeOpened(opened, config, {
      caches: cachesOf(context, input.cache),
      isWhole: input.isWhole,
      asksWhole: input.asksWhole,
      terminal,
    });
    return await use(askedFor({ ...judged, milliseconds: Math.round(performance.now() - started) }));
  });
}
