import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withScratch } from '../../base/scratch.js';
import type { Ground } from '../../input/git/ground.js';
import { readMailSeries } from '../../input/mail/mail-series.js';
import { applySeries } from '../../input/series/open-series.js';
import { openMemory } from '../../input/tree/tree.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import {
  type Config,
  judgeSeries,
  newFindings,
  ofPatch,
  type Rule,
  type RuleExample,
  runSeriesRules,
  type SeriesOutcome,
} from '../../lint/index.js';
import { coreFiles, filesBelow, fixturesFolder } from './example-tree.js';

/** The tree to which an example's mails are applied: the core of a fixture tree, and the folders that it names. */
function exampleGround({ options }: RuleExample): Ground {
  const root = join(fixturesFolder, options['tree'] ?? 'invalidate-mappings');
  const folders = options['with']?.split(',') ?? [];
  const paths = [...coreFiles, ...folders.flatMap((folder) => filesBelow(root, folder))];
  const bytes = new Map(paths.map((path) => [path, readFileSync(join(root, path))]));
  const texts = Object.fromEntries([...bytes].map(([path, content]) => [path, content.toString('utf8')]));
  return {
    commit: null,
    identity: null,
    tree: openMemory('example', texts),
    patchBase: {
      objects: [],
      objectFormat: 'sha1',
      file(path) {
        const content = bytes.get(path);
        return content ? { mode: '100644', bytes: content } : null;
      },
    },
    text: async (path) => texts[path] ?? null,
  };
}

/** Applies and judges the mails of an example. */
export function judgeExample(example: RuleExample, rules: readonly Rule[], config: Config): Promise<SeriesOutcome> {
  return withExample(example, rules, config, async (outcome) => outcome);
}

/** The same for callers that need the patches, too. Their diffs are valid until `use` returns. */
export async function withExample<Answer>(
  example: RuleExample,
  rules: readonly Rule[],
  config: Config,
  use: (outcome: SeriesOutcome) => Promise<Answer>,
): Promise<Answer> {
  return await withScratch(process.env, async (scratch) => {
    const mails = await readMailSeries([{ name: 'series.mbox', bytes: Buffer.from(example.code) }], process.env);
    const source = { kind: 'mail', name: 'series.mbox', mails } as const;
    const series = await applySeries(
      exampleGround(example),
      source,
      { queue: null, isMoved: false, isPart: false, env: process.env },
      scratch,
    );
    const judged = await judgeSeries(series, async (tree) => factsOf(await lintTree(tree, rules, config)), {
      isWhole: true,
      rules,
      mayMatter: async () => true,
    });
    return await use({
      judged,
      findings: runSeriesRules(judged, rules, config),
      milliseconds: 0,
      since: null,
      part: null,
    });
  });
}

/**
 * What the mails of an example expect, sorted: a line `expect: rule-id` below a mail's `---` speaks of that patch, and
 * `expect-series: rule-id` of the whole.
 */
export function expectedOfSeries({ code }: RuleExample): readonly string[] {
  let number = '1';
  return code
    .split('\n')
    .flatMap((line) => {
      number = /^Subject: \[PATCH(?:[^\]]* (\d+)\/\d+)?\]/.exec(line)?.[1] ?? number;
      const [, scope, ids] = /^expect(-series)?: (.*)$/.exec(line) ?? [];
      return ids ? ids.split(/, */).map((id) => `${scope ? 'series' : `patch ${number}`} ${id}`) : [];
    })
    .sort();
}

/** What was found, in the same form. */
export function actualOfSeries(outcome: SeriesOutcome): readonly string[] {
  const ofPatches = outcome.judged.patches.flatMap((judged) =>
    ofPatch(outcome, judged).map(({ rule }) => `patch ${judged.patch.number} ${rule}`),
  );
  const whole = newFindings(outcome).filter((finding) => 'patch' in finding && finding.patch === null);
  return [...new Set([...whole.map(({ rule }) => `series ${rule}`), ...ofPatches])].sort();
}
