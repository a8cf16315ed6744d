import { type BriefNegotiation, type NegotiationVerdict, negotiationVerdicts } from '../../contract/index.js';
import type { Colours } from '../text/colour.js';

/** How the table of who may attach to whom shows a verdict. Words and signs say it all; the colour only helps. */
interface VerdictLook {
  /** The cell on a terminal, eight columns at most. */
  readonly short: string;
  readonly paint: keyof Colours;
  /** The cell on the HTML page: a sign, a word and a class. */
  readonly sign: string;
  readonly word: string;
  readonly style: string;
  /** What the legend says of it. */
  readonly meaning: string;
}

const refused = { paint: 'cyan', style: 'refused' } as const;

/** The look of each verdict. */
export const verdictLooks: Readonly<Record<NegotiationVerdict, VerdictLook>> = {
  unsafe: {
    short: 'UNSAFE',
    paint: 'red',
    sign: '✖',
    word: 'unsafe',
    style: 'unsafe',
    meaning: 'unsafe: the exporter can take memory back from an importer that cannot follow',
  },
  'may wait for ever': {
    short: 'WAITS',
    paint: 'red',
    sign: '∞',
    word: 'waits',
    style: 'waits',
    meaning: 'may wait for ever: the exporter waits for an unmap that nothing bounds',
  },
  unknown: {
    short: '?',
    paint: 'yellow',
    sign: '?',
    word: 'unknown',
    style: 'unknown',
    meaning: 'unknown: something could not be followed',
  },
  'refused at map': {
    ...refused,
    short: 'map',
    sign: '▦',
    word: 'no map',
    meaning: 'refused at map: the exporter refuses every mapping',
  },
  'refused at pin': {
    ...refused,
    short: 'pin',
    sign: '▲',
    word: 'no pin',
    meaning: 'refused at pin: the exporter refuses the pin',
  },
  'refused at attach': {
    ...refused,
    short: 'attach',
    sign: '■',
    word: 'no attach',
    meaning: 'refused at attach: the exporter or the core refuses the attachment',
  },
  works: {
    short: 'works',
    paint: 'dim',
    sign: '✓',
    word: 'works',
    style: 'works',
    meaning: 'works: they can work together',
  },
};

/** The verdicts that occur in a table, the worst first. */
export function usedVerdicts({ cells }: Pick<BriefNegotiation, 'cells'>): readonly NegotiationVerdict[] {
  return negotiationVerdicts.filter((verdict) => cells.some((cell) => cell.verdict === verdict));
}
