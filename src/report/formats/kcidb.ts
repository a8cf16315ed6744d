import { createHash } from 'node:crypto';
import { type Finding, failsRun, type Severity } from '../../lint/index.js';
import { gapMessage, gapsOf, labelledFindings, type RunReport } from '../run-report.js';
import { gccLines } from './finding-lines.js';
import { formatJsonText } from './json-text.js';

/** What ran, and what fails a test. */
interface KcidbOptions {
  readonly version: string;
  /** The ids of the rules. */
  readonly rules: readonly string[];
  readonly failOn: Severity;
}

/** KCIDB gives each CI system its own name: whoever submits this puts theirs in place of it, in `origin` and all ids. */
const origin = 'dmabuf_lint';

/** A longer excerpt is refused. */
const longestExcerpt = 16_384;

/**
 * Formats a report as KCIDB takes results of kernel CI systems, as JSON of its I/O schema 5.3: the tree is a checkout, the
 * run a build without a compiler, and each rule a test. Of a rule that finds nothing while some code was not analysed,
 * the outcome is not known (`DONE`).
 */
export function formatKcidb(report: RunReport, { version, rules, failOn }: KcidbOptions): string {
  const labelled = labelledFindings(report);
  const run = idOf(JSON.stringify([report.subject, report.revision, report.base ?? null, report.summary, version]));
  const gaps = gapsOf(report).map((gap) => `${gap.file}:${gap.line ?? 1}: ${gapMessage(gap)}\n`);
  const tests = rules.map((id) => {
    const own = labelled.filter(({ finding }) => finding.rule === id);
    const fails = own.some(({ finding, group }) => !group.isOld && failsRun(finding, failOn));
    const status = fails ? 'FAIL' : own.length > 0 || gaps.length > 0 ? 'DONE' : 'PASS';
    return test(
      run,
      id,
      status,
      own.map(({ finding }) => finding),
    );
  });
  return formatJsonText({
    version: { major: 5, minor: 3 },
    checkouts: [checkout(run, report)],
    builds: [
      {
        id: run,
        checkout_id: run,
        origin,
        comment: `static analysis by dmabuf-lint ${version}: nothing is compiled`,
        ...(gaps.length > 0 ? { log_excerpt: excerpt(gaps) } : {}),
      },
    ],
    tests,
  });
}

function idOf(text: string): string {
  return `${origin}:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

function checkout(id: string, { subject, revision, repository, base, summary }: RunReport) {
  const commit = base ?? revision;
  return {
    id,
    origin,
    comment: `${subject}: ${summary}`,
    ...(commit !== null && /^[0-9a-f]{40,64}$/.test(commit) ? { git_commit_hash: commit } : {}),
    ...(repository === null ? {} : { git_repository_url: repository }),
    valid: true,
  };
}

function test(run: string, rule: string, status: 'FAIL' | 'DONE' | 'PASS', findings: readonly Finding[]) {
  return {
    id: `${run}.${rule}`,
    build_id: run,
    origin,
    // The parts of a path are names with dots between them.
    path: `dmabuf_lint.${rule.replaceAll('-', '_')}`,
    status,
    ...(findings.length > 0
      ? {
          log_excerpt: excerpt(findings.flatMap(gccLines)),
          misc: {
            findings: findings.map(({ file, line, severity, confidence, message, fingerprint }) => ({
              file,
              line,
              severity,
              confidence,
              message,
              fingerprint,
            })),
          },
        }
      : {}),
  };
}

/** Whole lines, as many as there is room for. */
function excerpt(lines: readonly string[]): string {
  let text = '';
  for (const line of lines) {
    if (text.length + line.length > longestExcerpt) return text;
    text += line;
  }
  return text;
}
