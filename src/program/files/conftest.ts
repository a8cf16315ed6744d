// A module that supports several kernels asks at its build what the headers have, and defines HAVE_… names by that. The
// names are of the module, but most spell what they stand for: HAVE_DMA_BUF_VMAP_UNLOCKED, NV_DMA_BUF_VMAP_UNLOCKED_PRESENT,
// HAVE_STRUCT_DMA_BUF_OPS_PIN, HAVE_LINUX_IOSYS_MAP_H.

/** The forms of such names; the group is what is asked for. */
const forms = [/^(?:[A-Z0-9]+_)*?HAVE_(\w+)$/, /^NV_(\w+)_PRESENT$/, /^(?:[A-Z0-9]+_)+HAS_(\w+)$/];
const endings = /_(?:PRESENT|AVAILABLE|FUNC|FUNCTION|SYMBOL|MEMBER)$/;

/**
 * Whether a name says that the kernel's headers have something, and they have it. A name that is not understood, or stands
 * for what the headers lack, is not decided: it may mean something else.
 * @param headers those whose functions, structs and members such names are about
 * @param read the text of a file; undefined where the tree has none
 */
export function headersHave(
  name: string,
  headers: readonly string[],
  read: (path: string) => string | undefined,
): boolean {
  const asked = forms.map((form) => form.exec(name)?.[1]).find((found) => found !== undefined);
  if (asked === undefined) return false;
  const word = asked.replace(endings, '').toLowerCase();
  const header = /^(?:linux_)?(\w+)_h$/.exec(word)?.[1];
  if (header !== undefined)
    return headers.includes(`include/linux/${header.replaceAll('_', '-')}.h`) && hasFile(read, header);
  return headers.some((path) => declares(read(path) ?? '', word.replace(/^struct_/, '')));
}

function hasFile(read: (path: string) => string | undefined, header: string): boolean {
  return read(`include/linux/${header.replaceAll('_', '-')}.h`) !== undefined;
}

/** Whether a header declares a function, a struct or a member of this name, or a member as `struct_member`. */
function declares(text: string, word: string): boolean {
  if (new RegExp(`(?:\\b${word}\\s*\\(|\\(\\s*\\*\\s*${word}\\s*\\)\\s*\\(|^struct\\s+${word}\\s*\\{)`, 'm').test(text))
    return true;
  return [...text.matchAll(/^struct\s+(\w+)\s*\{(.*?)^\}/gms)].some(([, tag = '', body = '']) => {
    const member = word.startsWith(`${tag}_`) ? word.slice(tag.length + 1) : '';
    return (
      member !== '' && new RegExp(`(?:\\(\\s*\\*\\s*${member}\\s*\\)|\\b${member}(?:\\s*:\\s*\\d+)?\\s*;)`).test(body)
    );
  });
}
