// A kernel mapping is known by its address, which dma_buf_vmap() stores in a `struct iosys_map`. Drivers copy the address
// out of the struct, and put it back for the dma_buf_vunmap(). Up to 5.10 there is no struct: the address is returned, and
// given to dma_buf_vunmap(). Sources: dma_buf_vmap(), include/linux/iosys-map.h.

import { addressMembers } from '../../kernel/index.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Engine, Evaluated } from '../model/engine.js';
import type { Resource } from '../state/resource.js';
import { type State, signsOf, stateWith } from '../state/state.js';
import { good, type Value, zero } from '../state/value.js';

/** The member that says what kind of address it is. */
const kindMember = 'is_iomem';

/** The state after a vmap has set the kind of memory: a map that was all zero no longer is. */
export function noteKind(engine: Engine, map: Value, state: State): State {
  return stateWith(state, { heap: state.heap.with(`${map}.${kindMember}`, engine.newValue()) });
}

/** Stores the address of a new kernel mapping in the map that a vmap fills. @returns the address, which is the handle */
export function fillMap(engine: Engine, map: Value, state: State): Evaluated {
  const address = newValueWith(engine, state, good);
  const heap = addressMembers.reduce(
    (filled, member) => filled.with(`${map}.${member}`, address.value),
    address.state.heap,
  );
  // Whoever knows the map can read the address.
  const shared = state.shared.has(map) ? address.state.shared.with(address.value, true) : address.state.shared;
  return { value: address.value, state: noteKind(engine, map, stateWith(address.state, { heap, shared })) };
}

/**
 * The handle of the kernel mapping that a vunmap ends: by its address or the one in its map, or, where that is not known,
 * by its buffer. A mapping that this path has not made is known by the address in the map, which may have to be imagined.
 * Undefined where the path knows this address from another buffer.
 */
export function mappingToEnd(
  engine: Engine,
  state: State,
  buffer: Value | undefined,
  map: Value | undefined,
): { readonly handle: Value; readonly state: State } | undefined {
  const made = state.resources.filter(({ kind }) => kind === 'kernel-mapping');
  const inMap = addressMembers.flatMap((member) => state.heap.get(`${map}.${member}`) ?? []);
  const byAddress = made.find(({ handle }) => handle === map || inMap.includes(handle));
  const known = byAddress ?? made.find(({ of, status }) => of === buffer && status !== 'released');
  if (known) return isOfAnother(known, buffer) ? undefined : { handle: known.handle, state };
  const [first] = addressMembers;
  if (buffer === undefined || map === undefined || first === undefined) return undefined;
  const [address] = inMap.filter((value) => signsOf(state, value) !== zero);
  if (address !== undefined) return { handle: address, state };
  const imagined = engine.newValue();
  return { handle: imagined, state: stateWith(state, { heap: state.heap.with(`${map}.${first}`, imagined) }) };
}

/** Whether a mapping that the path has ended, and not made, is that of another buffer. */
function isOfAnother({ count, of }: Resource, buffer: Value | undefined): boolean {
  return count === 0 && of !== buffer;
}
