import { nameTable } from '../names.js';

/**
 * Functions that ask what an object is, which does not change while the object lives: `drm_gem_is_imported(obj)`.
 * What may change from one line to the next is not among them: whether a list is empty, a lock held, a fence signalled.
 */
const lasting = nameTable({
  topic: 'what an object is',
  source: 'the naming of kernel functions; include/drm/drm_gem.h, include/linux/dma-buf.h',
  names: ['{,?*_}is_?*', '{,?*_}has_?*', '{,?*_}supports_?*'],
});

const changing =
  /(?:^|_)(?:empty|full|locked?|held|first|last|signall?ed|pending|busy|done|idle|active|enabled|running|mapped|pinned|err|null|set)(?:_|$)/;

/** What the configuration says is the same everywhere. */
const configuration = nameTable({
  topic: 'the configuration',
  source: 'include/linux/kconfig.h',
  names: ['IS_{ENABLED,BUILTIN,MODULE,REACHABLE}'],
});

/** What depends on the arguments alone. Two looks at one string count as one. */
const pure = nameTable(
  { topic: 'bits', source: 'include/vdso/bits.h, include/linux/bits.h', names: ['BIT{,_ULL,_MASK}', 'GENMASK{,_ULL}'] },
  {
    topic: 'parts of a number',
    source: 'include/linux/bitfield.h, include/uapi/asm-generic/ioctl.h, include/linux/wordpart.h',
    names: ['FIELD_{GET,PREP}', '_IOC_{DIR,TYPE,NR,SIZE}', '{upper,lower}_32_bits'],
  },
  {
    topic: 'numbers',
    source: 'include/linux/minmax.h, include/linux/align.h, include/linux/mm.h, include/uapi/drm/drm_fourcc.h',
    names: [
      '{min,max}{,_t}',
      'IS_ALIGNED',
      'ALIGN{,_DOWN}',
      'PAGE_ALIGN{,ED}',
      'offset_in_page',
      'fourcc_code',
      'u64_to_user_ptr',
    ],
  },
  { topic: 'strings', source: 'include/linux/string.h', names: ['str{,n}{,case}cmp', 'sysfs_streq'] },
);

/** Whether a function answers the same about the same object, or of the same arguments, each time. */
export function asksWhatLasts(name: string): boolean {
  return configuration.has(name) || pure.has(name) || (lasting.has(name) && !changing.test(name));
}
