// Which calls take a resource, and which give it back?

import { callsIn } from '../../c/index.js';
import { dmaBufCore, functionsWithRole } from '../../kernel/index.js';
import { type Codebase, functionKey } from '../../program/index.js';
import type { Attachments } from '../attachments/attachments.js';
import type { Take } from './stores.js';

/** The calls that take an attachment, a mapping, a kernel mapping or a pin. */
export function takesOf(codebase: Codebase, { sites, uses }: Attachments): readonly Take[] {
  const taken = uses.filter(({ kind }) => kind === 'map' || kind === 'pin');
  return [...[...sites, ...taken].map(named), ...vmapsOf(codebase)];
}

/** The calls that give a mapping or a pin back. */
export function undosOf({ uses }: Attachments): readonly Take[] {
  return uses.filter(({ kind }) => kind === 'unmap' || kind === 'unpin').map(named);
}

function named({ ref, call }: Pick<Take, 'ref' | 'call'>): Take {
  return { ref, call, api: call.callee.kind === 'name' ? call.callee.name : '' };
}

function vmapsOf({ program, references }: Codebase): readonly Take[] {
  const names = functionsWithRole('vmap');
  const found = names.flatMap((name) => references.of(name, program.candidates));
  const refs = new Map(
    found.flatMap(({ inside, isCall }) => (inside && isCall ? [[functionKey(inside), inside]] : [])),
  );
  return [...refs.values()]
    .filter(({ path }) => path !== dmaBufCore)
    .flatMap((ref) =>
      callsIn(program.lower(ref).body).flatMap(({ call, name }) =>
        name !== null && names.includes(name) ? [named({ ref, call })] : [],
      ),
    );
}
