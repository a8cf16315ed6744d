import { type AddedSuppression, defineChangeRule } from '../../src/lint/index.js';

export default defineChangeRule({
  id: 'suppression-added',
  group: 'suppression',
  severity: 'warning',
  *check(added) {
    for (const one of added) {
      const { path, line, column } = one;
      const trace = one.kind === 'comment' ? one.hidden.map(hiddenStep) : [];
      const [subject, message, brief] = [subjectOf(one), messageFor(one), briefFor(one)];
      yield { path, line, column, subject, confidence: 'high', message, brief, trace };
    }
  },
});

function hiddenStep({ file, line, message, rule }: { file: string; line: number; message: string; rule: string }) {
  return { file, line, message: `it would hide this: ${message} [${rule}]` };
}

function subjectOf(added: AddedSuppression): string {
  switch (added.kind) {
    case 'comment':
      return added.function === null ? added.rule : `${added.rule}:${added.function}`;
    case 'rule-off':
    case 'lower-severity':
      return added.rule;
    case 'exclusion':
      return added.excluded;
    case 'macro':
      return added.word;
    case 'baseline':
      return added.baseline;
    case 'entry':
      return `${added.rule}:${added.file}`;
    default:
      return added.kind;
  }
}

const listNames = {
  exclusion: 'files or folders that are not analysed',
  macro: 'words that the analysis ignores',
  entry: 'entries of the baseline',
} as const;

function messageFor(added: AddedSuppression): string {
  const settings = 'the configuration from before the change counts';
  switch (added.kind) {
    case 'comment': {
      const where = added.function === null ? 'here' : `in ${added.function}()`;
      return `this change suppresses '${added.rule}' ${where}, with the reason '${added.reason}': a comment counts only once it is in the base`;
    }
    case 'rule-off':
      return `this change switches '${added.rule}' off: ${settings}`;
    case 'lower-severity':
      return `this change makes '${added.rule}' a ${added.to} instead of ${article(added.from)}: ${settings}`;
    case 'exclusion':
      return `this change leaves '${added.excluded}' out of the analysis: ${settings}`;
    case 'macro':
      return `this change has the analysis ignore the word '${added.word}': ${settings}`;
    case 'markers':
      return `this change decides anew which markers say that an importer cannot be invalidated: ${settings}`;
    case 'baseline':
      return `this change names the baseline '${added.baseline}': ${settings}`;
    case 'entry':
      return `this change adds '${added.rule}' in ${added.file} to the baseline, ${added.reason === '' ? 'without a reason' : `with the reason '${added.reason}'`}: the baseline from before the change counts`;
    case 'more':
      return `this change adds ${added.count} more ${listNames[added.of]}`;
    case 'unusable':
      return `this change leaves a file that cannot be read (${added.why}): the one from before the change counts`;
  }
}

/** What is hidden and why, as the author wrote it; undefined where he gives no reason. */
function briefFor(added: AddedSuppression): string | undefined {
  const hasReason = (added.kind === 'comment' || added.kind === 'entry') && added.reason !== '';
  return hasReason ? `${added.rule} -- ${added.reason}` : undefined;
}

function article(severity: string): string {
  return severity === 'error' ? `an ${severity}` : `a ${severity}`;
}
