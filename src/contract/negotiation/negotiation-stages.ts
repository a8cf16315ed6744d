// What happens between one importer and one exporter?

import type { Dialect } from '../documents/dialect.js';
import type { MappingTypes } from '../model/mapping-types.js';
import type { TraceStep } from '../places.js';
import { disagreement } from './negotiation-disagreement.js';
import type { ExporterSide } from './negotiation-exporter.js';
import type { Answer, ImporterSide } from './negotiation-importer.js';
import { pick } from './negotiation-types.js';
import {
  type Negotiated,
  type NegotiationCause,
  type NegotiationVerdict,
  outcome,
  worse,
} from './negotiation-verdict.js';

/**
 * Returns the outcome for an importer and an exporter. It goes through the stages in order: the importer attaches, pins
 * and maps, then the exporter takes the memory back.
 */
export function negotiate(importer: ImporterSide, exporter: ExporterSide, dialect: Dialect): Negotiated {
  const lists = importer.mappingTypes;
  const [first, ...others] = lists?.length ? lists : [null];
  const withList = (list: MappingTypes | null): Negotiated => negotiateWith(importer, exporter, dialect, list);
  return others.map(withList).reduce(worse, withList(first ?? null));
}

/** The outcomes that hold though a part of the exporter's driver is not in the tree: it refuses where we see it. */
const seenInExporter: ReadonlySet<NegotiationVerdict> = new Set([
  'refused at attach',
  'refused at pin',
  'refused at map',
]);
/** The outcomes that an importer has only because of what it does not do. */
const unseenInImporter: ReadonlySet<NegotiationCause> = new Set(['cannot follow', 'no unmap']);

/** An outcome that rests on what a driver does not do, of which a part is not in the tree, is not known. */
function asFarAsSeen(seen: Negotiated, importer: ImporterSide, exporter: ExporterSide): Negotiated {
  const isUnseen = exporter.missing && !seenInExporter.has(seen.verdict);
  const side = isUnseen ? exporter : unseenInImporter.has(seen.cause) ? importer : null;
  if (!side?.missing || seen.verdict === 'unknown') return seen;
  const { file, line, message, name } = side.missing;
  return outcome(
    'unknown',
    'partly there',
    `the driver of '${side.name}' is in this tree only in part: ${name} is missing`,
    [...seen.trace, { file, line, message }],
  );
}

/** The outcome where the importer accepts these mapping types; null where the core has none. */
function negotiateWith(
  importer: ImporterSide,
  exporter: ExporterSide,
  dialect: Dialect,
  accepted: MappingTypes | null,
): Negotiated {
  const refused = attach(importer, exporter, dialect);
  const offered = exporter.mappingTypes;
  if (!accepted || !offered) return refused ?? afterAttach(importer, exporter);
  if (refused) return { ...refused, mappingTypes: [] };
  const picked = pick(accepted, offered, importer.allowPeer2peer);
  const failed = disagreement(picked, { importer, exporter, accepted, offered });
  if (picked.kind === 'none' || picked.kind === 'not-peer-to-peer') return failed ?? afterAttach(importer, exporter);
  const after = { ...afterAttach(importer, exporter), mappingTypes: picked.types };
  return failed ? worse(failed, after) : after;
}

function afterAttach(importer: ImporterSide, exporter: ExporterSide): Negotiated {
  const [first, ...others] = modesOf(importer, exporter).map((isPinned) => use(importer, exporter, isPinned));
  return asFarAsSeen(others.reduce(worse, first ?? use(importer, exporter, false)), importer, exporter);
}

/** The outcome where attach fails, or null. */
function attach(importer: ImporterSide, exporter: ExporterSide, dialect: Dialect): Negotiated | null {
  const { peerToPeerCheck, rejection, alwaysFails } = exporter;
  if (
    dialect.callbackRequired &&
    importer.kind === 'ops' &&
    importer.callback === null &&
    importer.looksRevocable === 'no'
  )
    return outcome(
      'refused at attach',
      'no callback',
      `dma_buf_dynamic_attach() requires a ${dialect.callback}`,
      importer.attachTrace,
    );
  if (alwaysFails?.op === 'attach')
    return outcome('refused at attach', 'never attaches', `'${exporter.name}' refuses every importer`, [
      ...importer.attachTrace,
      alwaysFails.step,
    ]);
  if (peerToPeerCheck?.op === 'attach' && !importer.allowPeer2peer)
    return outcome(
      'refused at attach',
      'not peer-to-peer',
      `'${exporter.name}' accepts only importers that allow peer-to-peer`,
      [...importer.attachTrace, peerToPeerCheck.step],
    );
  if (rejection?.op !== 'attach' || importer.looksRevocable === 'yes') return null;
  const trace = [...importer.attachTrace, rejection.step];
  return importer.looksRevocable === 'no'
    ? outcome(
        'refused at attach',
        'not revocable',
        `'${exporter.name}' accepts only importers that can be revoked`,
        trace,
      )
    : outcome('unknown', 'ops not readable', 'it is unknown whether the importer claims to be revocable', trace);
}

/** Whether the importer has a pin while it maps: both answers where it depends. */
function modesOf({ kind, pins, keepsPin, stopsAccess }: ImporterSide, { pinPolicy }: ExporterSide): readonly boolean[] {
  // For importers without ops the core pins, where the exporter has a pin op.
  if (kind === 'static') return [pinPolicy !== 'none'];
  if (pins === 'never' || !keepsPin) return [false];
  // An importer that cannot follow a move, and that pins somewhere, is assumed to pin before it maps.
  // Without a pin comes first: what holds then is the reason where both come to the same.
  return pins === 'always' || stopsAccess === 'no' ? [true] : [false, true];
}

/** The outcome of the stages after attach. */
function use(importer: ImporterSide, exporter: ExporterSide, isPinned: boolean): Negotiated {
  const refused = isPinned ? pin(importer, exporter) : null;
  if (refused && importer.ignoresPin) return use(importer, exporter, false);
  const failed = refused ?? map(importer, exporter);
  if (failed) return failed;
  switch (exporter.takesBack) {
    case 'never':
      return outcome('works', 'stays', `'${exporter.name}' never takes its memory back`, importer.attachTrace);
    case 'moves':
      return move(importer, exporter, isPinned);
    case 'revokes':
      return revoke(importer, exporter);
  }
}

/** The outcome where map fails, or what stands in its place; or null. */
function map(importer: ImporterSide, exporter: ExporterSide): Negotiated | null {
  const { privateHook, attachTrace } = importer;
  const { alwaysFails, peerToPeerCheck, name } = exporter;
  if (privateHook && !privateHook.accepted.includes(name))
    return outcome(
      'refused at map',
      'no private hook',
      `'${importer.name}' takes only buffers of ${privateHook.accepted.map((ops) => `'${ops}'`).join(' and ')}`,
      [...attachTrace, ...privateHook.trace],
    );
  if (importer.unmaps === 'none') return null; // it never maps
  if (alwaysFails)
    return outcome('refused at map', 'never maps', `map_dma_buf of '${name}' always fails`, [
      ...attachTrace,
      alwaysFails.step,
    ]);
  return peerToPeerCheck && !importer.allowPeer2peer
    ? outcome('refused at map', 'not peer-to-peer', `'${name}' maps only for importers that allow peer-to-peer`, [
        ...attachTrace,
        peerToPeerCheck.step,
      ])
    : null;
}

/** The outcome where pin fails, or null. */
function pin(importer: ImporterSide, exporter: ExporterSide): Negotiated | null {
  const { pinPolicy, rejection, name } = exporter;
  const trace = [...importer.attachTrace, ...importer.pinTrace, ...(rejection ? [rejection.step] : [])];
  if (pinPolicy === 'refuses-all') {
    const seldom = importer.pins === 'sometimes' ? `, and '${importer.name}' pins on some ways only` : '';
    return outcome('refused at pin', 'no pins', `'${name}' refuses every pin${seldom}`, trace);
  }
  if (pinPolicy !== 'refuses-non-revocable' || importer.looksRevocable === 'yes') return null;
  return importer.looksRevocable === 'no'
    ? outcome(
        'refused at pin',
        'not revocable',
        `'${name}' accepts pins only from importers that can be revoked`,
        trace,
      )
    : outcome('unknown', 'ops not readable', 'it is unknown whether the importer claims to be revocable', trace);
}

function move(importer: ImporterSide, exporter: ExporterSide, isPinned: boolean): Negotiated {
  if (isPinned && exporter.pinPolicy !== 'none') {
    const trace = [...importer.attachTrace, ...importer.pinTrace];
    return outcome('works', 'pinned', `'${exporter.name}' does not move its memory while it is pinned`, trace);
  }
  return byAnswer(importer.stopsAccess, importer, exporter, 'moves its memory');
}

function revoke(importer: ImporterSide, exporter: ExporterSide): Negotiated {
  const { waitsForUnmap, waitsForFences, name } = exporter;
  const trace = takenBack(importer, exporter);
  if (importer.stopsAccess !== 'no' && waitsForUnmap && importer.unmaps === 'no')
    return outcome(
      'may wait for ever',
      'no unmap',
      `'${name}' waits until '${importer.name}' unmaps, which may never happen: ${importer.behaviour}`,
      trace,
    );
  const follows = byAnswer(importer.stopsAccess, importer, exporter, 'revokes');
  const isAwaited = waitsForUnmap === true || waitsForFences === true || importer.unmaps === 'none';
  if (follows.verdict !== 'works' || isAwaited) return follows;
  return outcome(
    'unknown',
    'no wait',
    `'${name}' waits neither for fences nor for the unmap: it is unknown whether access has ended`,
    trace,
  );
}

function byAnswer(answer: Answer, importer: ImporterSide, exporter: ExporterSide, does: string): Negotiated {
  const trace = takenBack(importer, exporter);
  const { name, behaviour } = importer;
  const who = `'${exporter.name}' ${does}`;
  switch (answer) {
    case 'yes':
      return outcome('works', 'follows', `${who}, and '${name}' stops access: ${behaviour}`, trace);
    case 'no':
      return outcome('unsafe', 'cannot follow', `${who}, but '${name}' does not stop access: ${behaviour}`, trace);
    case 'unknown':
      return outcome(
        'unknown',
        'callback not known',
        `${who}, and it is unknown whether '${name}' stops access: ${behaviour}`,
        trace,
      );
  }
}

/** The trace of an importer that attaches and an exporter that takes the memory back. */
function takenBack(
  { attachTrace, callbackTrace }: ImporterSide,
  { takeBackTrace }: ExporterSide,
): readonly TraceStep[] {
  return [...attachTrace, ...takeBackTrace, ...callbackTrace];
}
