import { type NameTable, nameTable } from './names.js';

/** The kinds of resource whose life is followed. */
export type ResourceKind =
  | 'attachment'
  | 'mapping'
  | 'kernel-mapping'
  | 'cpu-access'
  | 'pin'
  | 'reference'
  | 'fd'
  | 'lock';

/** What is particular to a kind of resource. */
export interface ResourceLife {
  /** In words, for people. */
  readonly name: string;
  /** The tags of the struct that its handle points to; none where that is no pointer. */
  readonly structs: readonly string[];
  /** Whether the object that is its handle may be gone once it is released. */
  readonly endsHandle: boolean;
  /**
   * Who can still release it where its handle is an object of the caller: `holder`, any code that knows the handle;
   * `caller`, only a caller that knows of the acquire, and so nobody where the function fails.
   */
  readonly releasedBy: 'holder' | 'caller';
  /** Whether a function that releases it on one way of success must do so on each. */
  readonly isPaired: boolean;
  /** Whether one handle may be acquired several times, and is then released as often. */
  readonly nests: boolean;
}

/** The life of each kind of resource. Source: the kernel-doc in drivers/dma-buf/dma-buf.c. */
export const resourceLives: Readonly<Record<ResourceKind, ResourceLife>> = {
  attachment: {
    name: 'attachment',
    structs: ['dma_buf_attachment'],
    endsHandle: true,
    releasedBy: 'holder',
    isPaired: false,
    nests: false,
  },
  mapping: {
    name: 'mapping',
    structs: ['sg_table'],
    endsHandle: false,
    releasedBy: 'holder',
    isPaired: false,
    nests: false,
  },
  // The handle is the address in the caller's `struct iosys_map`: a caller does not use it after an error.
  'kernel-mapping': {
    name: 'kernel mapping',
    structs: ['iosys_map', 'dma_buf_map'],
    endsHandle: false,
    releasedBy: 'caller',
    isPaired: true,
    nests: true,
  },
  'cpu-access': {
    name: 'CPU access',
    structs: ['dma_buf'],
    endsHandle: false,
    releasedBy: 'caller',
    isPaired: true,
    nests: true,
  },
  // The core calls the exporter for each pin, and exporters count.
  pin: {
    name: 'pin',
    structs: ['dma_buf_attachment'],
    endsHandle: false,
    releasedBy: 'caller',
    isPaired: false,
    nests: true,
  },
  reference: {
    name: 'reference to a dma-buf',
    structs: ['dma_buf'],
    endsHandle: true,
    releasedBy: 'holder',
    isPaired: false,
    nests: true,
  },
  fd: {
    name: 'descriptor',
    structs: [],
    endsHandle: false,
    releasedBy: 'holder',
    isPaired: false,
    nests: false,
  },
  lock: {
    name: 'reservation lock',
    structs: ['dma_resv'],
    endsHandle: false,
    releasedBy: 'holder',
    isPaired: false,
    nests: false,
  },
};

const mapQuestions = nameTable({
  topic: 'questions about maps',
  source: 'include/linux/iosys-map.h',
  names: ['{iosys,dma_buf}_map_is_{null,set,equal}'],
});

/** Whether code asks if a map is filled. */
export function mapsAreAsked(code: string): boolean {
  return mapQuestions.isIn(code);
}

/** What the functions of a map's header do with its address. */
const mapFunctions: readonly { readonly does: 'ask-null' | 'ask-set' | 'clear'; readonly names: NameTable }[] = [
  { does: 'ask-null', names: mapNames('is_null') },
  { does: 'ask-set', names: mapNames('is_set') },
  { does: 'clear', names: mapNames('clear') },
];

function mapNames(rest: string): NameTable {
  return nameTable({ topic: 'maps', source: 'include/linux/iosys-map.h', names: [`{iosys,dma_buf}_map_${rest}`] });
}

/** What a function does with the address in the map that is its first argument; undefined for any other function. */
export function mapFunction(name: string): 'ask-null' | 'ask-set' | 'clear' | undefined {
  return mapFunctions.find(({ names }) => names.has(name))?.does;
}
