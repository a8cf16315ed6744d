import type { NegotiationVerdict } from '../../contract/index.js';

/** How a verdict is shown: a sign and a word, so that nobody needs the colour, and a class for that. */
export interface VerdictLook {
  readonly sign: string;
  readonly word: string;
  readonly style: string;
  readonly meaning: string;
}

export const verdictLooks: Readonly<Record<NegotiationVerdict, VerdictLook>> = {
  unsafe: {
    sign: '✖',
    word: 'unsafe',
    style: 'unsafe',
    meaning: 'the exporter can take memory back from an importer that cannot follow',
  },
  'may wait for ever': {
    sign: '∞',
    word: 'waits',
    style: 'waits',
    meaning: 'the exporter may wait for ever: for an unmap that nothing bounds',
  },
  unknown: { sign: '?', word: 'unknown', style: 'unknown', meaning: 'something could not be followed' },
  'refused at map': { sign: '▦', word: 'no map', style: 'refused', meaning: 'refused at map' },
  'refused at pin': { sign: '▲', word: 'no pin', style: 'refused', meaning: 'refused at pin' },
  'refused at attach': { sign: '■', word: 'no attach', style: 'refused', meaning: 'refused at attach' },
  works: { sign: '✓', word: 'works', style: 'works', meaning: 'they may work together' },
};
