import type { Phase } from '../../base/profile.js';
import type { SearchResult } from '../../input/search/search.js';
import type { ProgramOptions, SharedAnswers } from '../../program/index.js';

/** What a thread follows: resources, or the reservation lock. */
export type FlowTask = 'paths' | 'locks';

/** What a thread needs to analyse the tree that another one has opened. */
export interface FlowRequest {
  readonly task: FlowTask;
  /** Where the files of the tree are. */
  readonly folder: string;
  /** The paths of all sources, one to a line: one text is copied faster than sixty thousand. */
  readonly sources: string;
  /** What the search of the tree for dma-bufs and exports gave, in the names of our table. */
  readonly found: SearchResult;
  readonly options: ProgramOptions;
  /** Whether the answers are kept for later runs, so that it must be known what each depends on. */
  readonly notes: boolean;
}

/** What the first thread has linked meanwhile: the files that were added to the scope of each name. */
export type Widened = ReadonlyMap<string, readonly string[]>;

/** What such a thread found out, and which files it asked for to do so. */
export interface FlowReply {
  readonly answers: SharedAnswers;
  /** The paths that it asked for, be there a file or not. */
  readonly asked: readonly string[];
  /** The files that it could not read. */
  readonly unreadable: readonly string[];
  /** The milliseconds that it took to answer, and by phase. */
  readonly took: number;
  readonly spent: ReadonlyMap<Phase, number>;
}
