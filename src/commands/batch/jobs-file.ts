import { ownValue } from '../../base/own-value.js';
import { ConfigError, checkShape, isObject, suggestion } from '../../lint/config/check-shape.js';
import type { Member, ObjectShape, Shape } from '../../lint/config/config-shape.js';

/** What a job has besides its command: paths, revisions and the like, under the names that the library gives them. */
export interface JobFields {
  /** Names the job's files, and the job in reports. */
  readonly id: string;
  readonly tree?: string;
  readonly revision?: string;
  readonly since?: string;
  readonly against?: string;
  readonly series?: readonly string[];
  readonly base?: string;
  readonly mergeWith?: string;
  readonly subject?: string;
  readonly messageId?: string;
  readonly baseline?: string;
  readonly config?: string;
}

/** The commands that a batch runs. */
const jobCommands = ['scan', 'series', 'matrix'] as const;
export type JobCommand = (typeof jobCommands)[number];

/** One line of a file of jobs. */
export interface BatchJob extends JobFields {
  readonly command: JobCommand;
}

const text: Shape = { kind: 'text', noun: 'a text that is not empty', pattern: '.' };
// It becomes the name of a file.
const id: Shape = {
  kind: 'text',
  noun: 'at most 100 letters, digits, dots, dashes and underscores, and not begin with a dot',
  pattern: '^[\\w-][\\w.-]{0,99}$',
};

const common: Readonly<Record<string, Member>> = {
  id: { shape: id, isRequired: true, description: 'Names the job and its files.' },
  command: { shape: { kind: 'choice', among: jobCommands }, isRequired: true, description: 'What to run.' },
  tree: { shape: text, isRequired: true, description: 'The kernel tree or repository.' },
  config: { shape: text, description: 'The configuration.' },
};
const revision: Member = { shape: text, description: 'The revision to read.' };

/** The keys of a job, by its command. */
const shapes: Readonly<Record<JobCommand, ObjectShape>> = {
  scan: shapeOf({
    revision,
    since: { shape: text, description: 'Reports only what is new since this revision.' },
    baseline: { shape: text, description: 'The baseline whose findings are left out.' },
  }),
  series: shapeOf({
    series: {
      shape: { kind: 'list', of: text },
      isRequired: true,
      description: 'A range, or mailboxes, folders or files of patches.',
    },
    base: { shape: text, description: 'The revision that mails are applied to.' },
    mergeWith: { shape: text, description: 'Another queued series.' },
    revision: { shape: text, description: 'The revision of the series, if the mails hold several.' },
    subject: { shape: text, description: 'A title in the series, if the mails hold several.' },
    messageId: { shape: text, description: 'A mail of the series, if the mails hold several.' },
  }),
  matrix: shapeOf({ revision, against: { shape: text, description: 'A tree or revision to compare with.' } }),
};

function shapeOf(members: Readonly<Record<string, Member>>): ObjectShape {
  return { kind: 'object', keyNoun: 'key', members: { ...common, ...members } };
}

/**
 * Reads a file of jobs: one JSON object in a line; empty lines are left out.
 * @param name the name of the file in messages
 * @throws ConfigError with the line, where one is no job, or two have the same id
 */
export function parseJobs(content: string, name: string): readonly BatchJob[] {
  const lines = new Map<string, number>();
  const jobs = content.split('\n').flatMap((line, index): readonly BatchJob[] => {
    if (line.trim() === '') return [];
    const place = `${name}:${index + 1}`;
    const job = parseJob(line, place);
    const former = lines.get(job.id);
    if (former !== undefined) throw new ConfigError(`${place}: the id '${job.id}' is that of line ${former}, too`);
    lines.set(job.id, index + 1);
    return [job];
  });
  if (jobs.length === 0) throw new ConfigError(`${name}: has no jobs; write one JSON object in a line`);
  return jobs;
}

function parseJob(line: string, place: string): BatchJob {
  const value = parseLine(line, place);
  if (!isObject(value)) throw new ConfigError(`${place}: the job must be an object`);
  const { command } = value;
  const shape = typeof command === 'string' ? ownValue<ObjectShape>(shapes, command) : undefined;
  if (typeof command === 'string' && !shape)
    throw new ConfigError(`${place}: unknown command '${command}'${suggestion(command, jobCommands)}`);
  checkShape(value, shape ?? shapes.scan, { name: place, whole: 'the job' });
  // The shape has been checked.
  const job = value as unknown as BatchJob;
  if (job.series?.includes('-')) throw new ConfigError(`${place}: a job cannot read standard input`);
  return job;
}

function parseLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ConfigError(`${place}: is not JSON`);
  }
}

/** A part of the jobs: `3/8` is the third of eight. */
export interface Shard {
  /** 1-based. */
  readonly number: number;
  readonly count: number;
}

/** Reads the value of `--shard`. @throws ConfigError */
export function parseShard(value: string): Shard {
  const [, number, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(value) ?? []).map(Number);
  if (number === undefined || count === undefined || number < 1 || number > count)
    throw new ConfigError(`--shard ${value}: must be like 3/8, the third of eight parts`);
  return { number, count };
}

/** The jobs of a part: each of `count` parts gets every `count`-th job, so that neighbours, which cost alike, are spread. */
export function ofShard(jobs: readonly BatchJob[], { number, count }: Shard): readonly BatchJob[] {
  return jobs.filter((_, index) => index % count === number - 1);
}

/** The command line of a job, without the program. Words of the file can be no options: each has its place. */
export function commandLine(job: BatchJob): readonly string[] {
  const { command, tree = '.', series = [] } = job;
  const option = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`--${name}=${value}`];
  const options = [
    ...option('config', job.config),
    ...option('revision', job.revision),
    ...option('since', job.since),
    ...option('baseline', job.baseline),
    ...option('against', job.against),
    ...option('base', job.base),
    ...option('merge-with', job.mergeWith),
    ...option('subject', job.subject),
    ...option('message-id', job.messageId),
    ...(command === 'series' ? option('tree', tree) : []),
  ];
  return [command, '--format=json', ...options, '--', ...(command === 'series' ? series : [tree])];
}
