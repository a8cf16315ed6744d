// FD_PREPARE() takes a file and reserves a number; fd_publish() installs the file under that number. Source:
// include/linux/file.h.

import { filePrepare, preparedFile } from '../../kernel/index.js';
import { isNewReference } from '../calls/acquire-release.js';
import { type CallSite, endAt } from '../calls/call-site.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated } from '../model/engine.js';
import { bufferOfFile, objectOfFile } from '../state/files.js';
import { answerKeys, type State, stateWith, withResource } from '../state/state.js';
import { bad, good, type Value, zero, zeroValue } from '../state/value.js';
import { declaredBuffer } from './declared-buffer.js';
import { makeDescriptor, noteFailure, prepareDescriptor } from './make-descriptor.js';
import { publish } from './published.js';

/**
 * Evaluates FD_PREPARE() and the calls on the variable that it declares.
 * @returns undefined for any other call, and if the file is not that of a dma-buf
 */
export function applyPreparedFile(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { name, values } = site;
  const [prepared, , file] = values;
  if (prepared === undefined) return undefined;
  switch (name) {
    case filePrepare: {
      const dmabuf =
        file === undefined ? undefined : (bufferOfFile(state, file) ?? declaredBuffer(site, file, state, 2));
      return dmabuf === undefined || file === undefined ? undefined : prepare(site, { prepared, dmabuf, file }, state);
    }
    case preparedFile.number.function:
      return memberOf(state, prepared, preparedFile.number.member);
    case preparedFile.file.function:
      return memberOf(state, prepared, preparedFile.file.member);
    case preparedFile.install:
      return install(site, prepared, state);
  }
  return undefined;
}

/**
 * If no number is available, the file stays with its owner, and the `err` of the declared variable is set. A call in
 * the arguments that would create the file is then not made.
 */
function prepare(
  site: CallSite,
  { prepared, dmabuf, file }: { readonly prepared: Value; readonly dmabuf: Value; readonly file: Value },
  state: State,
): readonly Evaluated[] {
  const withMember = (after: State, member: string, value: Value): State =>
    stateWith(after, { heap: after.heap.with(`${prepared}.${member}`, value) });
  const taken = prepareDescriptor(site, dmabuf, state);
  const number = newValueWith(site.engine, taken, good | zero);
  const answers = number.state.answers.with(answerKeys.reserved(number.value), true).with(answerKeys.watched, true);
  const { number: ofNumber, file: ofFile } = preparedFile;
  const ready = withMember(stateWith(number.state, { answers }), ofNumber.member, number.value);
  const failed = newValueWith(site.engine, site.call.arguments[2]?.kind === 'call' ? taken : state, bad);
  return [
    { value: zeroValue, state: withMember(withMember(ready, ofFile.member, file), 'err', zeroValue) },
    { value: failed.value, state: withMember(noteFailure(site, failed.state), 'err', failed.value) },
  ];
}

/** fd_publish(): from here on the descriptor owns the reference that the scope owned. */
function install(site: CallSite, prepared: Value, state: State): readonly Evaluated[] | undefined {
  const number = state.heap.get(`${prepared}.${preparedFile.number.member}`);
  const file = state.heap.get(`${prepared}.${preparedFile.file.member}`);
  const dmabuf = file === undefined ? undefined : (bufferOfFile(state, file) ?? objectOfFile(state, file));
  if (number === undefined || dmabuf === undefined) return undefined;
  const end = endAt(site, { kind: 'given-to-descriptor' });
  const given = state.resources.find(
    (one) => one.kind === 'reference' && one.handle === dmabuf && one.end?.kind === 'given-to-descriptor',
  );
  const moved = given ? withResource(state, given, { ...given, end }) : state;
  const made = makeDescriptor(site, dmabuf, number, moved);
  return [{ value: number, state: given && isNewReference(given.api) ? publish(site, dmabuf, made) : made }];
}

function memberOf(state: State, object: Value, member: string): readonly Evaluated[] | undefined {
  const value = state.heap.get(`${object}.${member}`);
  return value === undefined ? undefined : [{ value, state }];
}
