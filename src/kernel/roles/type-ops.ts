import type { StructOutline } from '../../c/index.js';
import { attachmentTag, exporterOpsTag, importerOpsTag } from '../api/structs.js';
import type { Shape } from '../api/types.js';

/** A struct by whose functions exporters map and unmap one mapping type, as `dma_buf_ops` does for tables of pages. */
export interface TypeOps {
  readonly tag: string;
  /** In order. */
  readonly fields: readonly string[];
  /** The member that maps: it is given the attachment, and returns a pointer. */
  readonly map: string;
  /** The member that unmaps: it is given the attachment and what was mapped. */
  readonly unmap: string;
  /** Whether a mapping is a table of pages. */
  readonly isTable: boolean;
}

/** The types of what the pointer to a function in a struct takes and returns; null for any other member. */
export function shapeOfMember({ type, isFunction }: StructOutline['fields'][number]): Shape | null {
  const [, result = '', list = ''] = (isFunction && /^(.*?)\(\s*\*\s*\w+\s*\)\s*\((.*)\)/s.exec(type)) || [];
  if (result === '' && list === '') return null;
  const parameters = list.split(',').map((one) => one.replace(/\s+/g, ' ').trim());
  return { parameters: parameters.map((one) => one.replace(/(?<=[\s*])\w+$/, '').trim()), result: result.trim() };
}

/** The structs of functions that map and unmap an attachment, besides those of exporters and importers themselves. */
export function typeOpsIn(structs: readonly StructOutline[]): readonly TypeOps[] {
  return structs.flatMap(({ tag, fields }): readonly TypeOps[] => {
    if (tag === exporterOpsTag || tag === importerOpsTag) return [];
    const ofAttachment = fields.flatMap((field) => {
      const shape = shapeOfMember(field);
      return shape?.parameters[0]?.includes(`struct ${attachmentTag} *`) ? [{ name: field.name, shape }] : [];
    });
    const map = ofAttachment.find(({ shape }) => shape.result.includes('*'));
    const unmap = ofAttachment.find(({ shape }) => shape.result === 'void' && shape.parameters.length > 1);
    if (!map || !unmap) return [];
    const isTable = map.shape.result.includes('struct sg_table');
    return [{ tag, fields: fields.map(({ name }) => name), map: map.name, unmap: unmap.name, isTable }];
  });
}
