import type { Environment } from '../../base/environment.js';
import { UserError } from '../../base/errors.js';
import type { jsonResult } from '../../report/formats/json.js';
import type { matrixResult } from '../../report/matrix/matrix-json.js';
import type { seriesResult } from '../../report/series/series-json.js';
import { findConfig } from '../cli/config.js';
import type { CommandContext } from '../cli/context.js';
import { silentTerminal } from '../cli/terminal.js';

// What each function needs is loaded when it is called.

/** Where a function of the library looks for files, programs and the results of earlier runs. */
export interface Surroundings {
  /** Relative paths start here. */
  readonly cwd: string;
  /** `XDG_CACHE_HOME` or `HOME` for the cache, `TMPDIR` for temporary files, `PATH` and the settings of git for git. */
  readonly env: Environment;
}

/** What every function of the library takes. */
export interface TreeOptions extends Partial<Surroundings> {
  /** The top of a kernel tree. */
  readonly tree: string;
  /** A configuration file; if missing, `dmabuf-lint.json` in the tree, if it is there. */
  readonly config?: string;
}

export interface ScanOptions extends TreeOptions {
  /** A revision of git to scan instead of the files of the work tree; the repository may be bare. */
  readonly revision?: string;
  /** A baseline, whose findings are left out; false for none. If missing, the one that the configuration names. */
  readonly baseline?: string | false;
  /** Gives only what is new since this revision of git. */
  readonly since?: string;
  /** Whether to use and keep the results of earlier runs; if missing, true. */
  readonly cache?: boolean;
}

export interface SeriesOptions extends TreeOptions {
  /** A range (`base..topic`), or mailboxes, folders or files of patches; if missing, the commits since the upstream branch. */
  readonly series?: string | readonly string[];
  /** A mailbox or patch itself, in place of `series`. */
  readonly mail?: string | Uint8Array;
  /** Which revision of the series, as `v3`; if missing, the newest that the mails hold. */
  readonly revision?: string;
  /** The message id of a mail of the series, if the mails hold several; if missing, the first series. */
  readonly messageId?: string;
  /** Words of a title of the series, if the mails hold several. */
  readonly subject?: string;
  /** The revision that mails are applied to; if missing, their base-commit, or HEAD. */
  readonly base?: string;
  /** Another queued series, a range or a mailbox, that this one has to live with. */
  readonly mergeWith?: string;
  /** Whether to use and keep the results of earlier runs; if missing, true. */
  readonly cache?: boolean;
}

export interface MatrixOptions extends TreeOptions {
  /** A revision of git to read instead of the files of the work tree; the repository may be bare. */
  readonly revision?: string;
  /** Another tree, or a revision of this one, to compare with. */
  readonly against?: string;
}

/** What `dmabuf-lint scan --format json` prints, version 1. */
export type ScanResult = ReturnType<typeof jsonResult>;
/** What `dmabuf-lint series --format json` prints, version 1. */
export type SeriesResult = ReturnType<typeof seriesResult>;
/** What `dmabuf-lint matrix --format json` prints, version 1. */
export type MatrixResult = ReturnType<typeof matrixResult>;

/** Scans a tree. @throws UserError */
export async function scanAsData(options: ScanOptions, surroundings: Surroundings): Promise<ScanResult> {
  const started = performance.now();
  const context = contextOf(options, surroundings);
  const [{ scanTree }, { jsonResult: toData }] = await Promise.all([
    import('../scan/scan-tree.js'),
    import('../../report/formats/json.js'),
  ]);
  const scanned = await scanTree(options.tree, { ...options, started }, context);
  if (scanned.kind === 'left') throw new Error('nobody is there to do the rest');
  return toData(scanned.outcome);
}

/** Judges a series, patch by patch. @throws UserError */
export async function seriesAsData(options: SeriesOptions, surroundings: Surroundings): Promise<SeriesResult> {
  const { tree, series = [], mail, base, mergeWith, config, cache = true } = options;
  const { revision, messageId, subject } = options;
  if (mail !== undefined && options.series !== undefined) throw new UserError('series and mail exclude each other');
  const [{ withSeries }, { seriesResult: toData }] = await Promise.all([
    import('../series/read-series.js'),
    import('../../report/series/series-json.js'),
  ]);
  const named = typeof series === 'string' ? [series] : series;
  if (named.includes('-')) throw new UserError("-: is for the command line; give the text as 'mail'");
  const input = {
    names: mail === undefined ? named : ['-'],
    tree,
    wanted: { revision, messageId, subject },
    base,
    mergeWith,
    config,
    cache,
    isOneCommit: false,
    isWhole: true,
    asksWhole: true,
    readStdin: async () => ({ name: '-', bytes: Buffer.from(mail ?? '') }),
  };
  return await withSeries(input, contextOf(options, surroundings), async (outcome) => toData(outcome, { all: false }));
}

/** Tells which importer may attach to which exporter. @throws UserError */
export async function matrixAsData(options: MatrixOptions, surroundings: Surroundings): Promise<MatrixResult> {
  const context = contextOf(options, surroundings);
  const [{ readMatrix }, { sideOf }, { matrixResult: toData }, { compareNegotiations }] = await Promise.all([
    import('../matrix/read-matrix.js'),
    import('../scan/tree-side.js'),
    import('../../report/matrix/matrix-json.js'),
    import('../../contract/index.js'),
  ]);
  const config = await findConfig(options.tree, options.config, context);
  const request = { side: sideOf(options, context), against: options.against };
  const { negotiation, before } = await readMatrix(options.tree, request, config, context);
  return toData(negotiation, before && compareNegotiations(before, negotiation));
}

function contextOf({ cwd, env }: TreeOptions, usual: Surroundings): CommandContext {
  return {
    cwd: cwd ?? usual.cwd,
    env: env ?? usual.env,
    stdin: () => {
      throw new Error('a function of the library reads no standard input');
    },
    terminal: silentTerminal,
  };
}
