/** The kernel series that were read, as their Debian packages are called. */
export type Series = '5.10' | '6.1' | '6.12' | '7.2' | '7.3';

/** The version of each that was read; oldest first. */
export const versionsRead: Readonly<Record<Series, string>> = {
  '5.10': '5.10.262',
  '6.1': '6.1.192',
  '6.12': '6.12.117',
  '7.2': '7.2.13',
  '7.3': '7.3.4',
};

/**
 * What a person read in the source of a kernel, without this tool. The kernel tests compare the scan with it, and the
 * tables in docs-out show it. It has names and short facts but no line numbers, which change between stable releases.
 */
export interface SeriesReading {
  /** The kernel series, as its Debian package is called: `6.12`. */
  readonly series: string;
  readonly importers: readonly ImporterReading[];
  readonly exporters: readonly ExporterReading[];
}

/** One `struct dma_buf_attach_ops`. Where several values are defensible, all are listed, the preferred one first. */
export interface ImporterReading {
  readonly ops: string;
  readonly file: string;
  /** The driver, as people call it. */
  readonly driver: string;
  readonly allowPeer2peer: boolean;
  readonly callback: string | null;
  readonly kinds: readonly ('absent' | 'stub' | 'unmaps' | 'blocks-access' | 'opaque')[];
  /** The evidence: the calls from the callback to what it does. */
  readonly path: readonly string[];
  readonly pins: readonly ('always' | 'sometimes' | 'never')[];
  /** `file function()` of each pin. It may be empty where `never` is defensible. */
  readonly pinSites: readonly Site[];
  readonly attachSite: Site;
  readonly usedBy: readonly User[];
  readonly status: readonly (
    | 'revocable'
    | 'declared-non-revocable'
    | 'undeclared-non-revocable'
    | 'unsafe'
    | 'unknown'
  )[];
  readonly note: string | null;
}

/** One `struct dma_buf_ops` that pins, invalidates, or is easily misread. */
export interface ExporterReading {
  readonly ops: string;
  readonly file: string;
  readonly driver: string;
  readonly pin: string | null;
  readonly pinPolicy: 'none' | 'accepts' | 'refuses-all' | 'refuses-non-revocable';
  readonly requiresPeer2peer: boolean;
  /** Where it calls the notify function. */
  readonly invalidates: readonly Site[];
  readonly revokes: boolean;
  readonly rejectsNonRevocable: readonly boolean[];
  readonly waitsForFences: readonly (boolean | null)[];
  readonly waitsForUnmap: readonly (boolean | null)[];
  readonly note: string | null;
}

/** A function, by name and file. */
export interface Site {
  readonly file: string;
  readonly function: string;
}

/** A driver that reaches an importer's ops through exported helpers, and the functions in which it does. */
export interface User {
  readonly driver: string;
  readonly sites: readonly Site[];
}
