import type { ApiParameter, ApiRow, ResultConvention } from '../../kernel/index.js';
import type { Prototype } from './prototypes.js';

/** The type of every parameter that a row of the API can name. */
const parameterTypes: Readonly<Record<ApiParameter, RegExp>> = {
  attachment: /^struct dma_buf_attachment \*/,
  buffer: /^struct dma_buf \*/,
  descriptor: /^int\b/,
  device: /^struct device \*/,
  direction: /^enum dma_data_direction\b/,
  'export-info': /^const struct dma_buf_export_info \*/,
  flags: /^int\b/,
  'kernel-mapping': /^struct (?:iosys_map|dma_buf_map) \*/,
  ops: /^const struct dma_buf_attach_ops \*/,
  'page-offset': /^unsigned long\b/,
  private: /^void \*/,
  provider: /^struct p2pdma_provider \*/,
  'range-count': /^size_t\b/,
  ranges: /^struct phys_vec \*/,
  size: /^size_t\b/,
  table: /^struct sg_table \*/,
  vma: /^struct vm_area_struct \*/,
};

const resultTypes: Readonly<Record<ResultConvention, RegExp>> = {
  'pointer-or-error': /\*$/,
  'pointer-or-null': /\*$/,
  'zero-or-error': /^int$/,
  'number-or-error': /^int$/,
  'true-or-false': /^bool$/,
  nothing: /^void$/,
};

/** Whether a function is given a buffer or an attachment: then the API table must have a row for it. */
export function takesBuffer({ parameters }: Prototype): boolean {
  return parameters.some((type) => parameterTypes.buffer.test(type) || parameterTypes.attachment.test(type));
}

/** What is wrong with a row, going by the prototype of its function; empty where they agree. */
export function rowComplaints({ name, parameters, result }: ApiRow, prototype: Prototype): readonly string[] {
  const complaints: string[] = [];
  if (parameters.length !== prototype.parameters.length)
    complaints.push(`${name}() has ${prototype.parameters.length} parameters, and ${parameters.length} in its row`);
  for (const [index, parameter] of parameters.entries()) {
    const type = prototype.parameters[index] ?? '';
    if (!parameterTypes[parameter].test(type))
      complaints.push(`parameter ${index} of ${name}() is '${type}', no ${parameter}`);
  }
  if (!resultTypes[result].test(prototype.result))
    complaints.push(`${name}() returns '${prototype.result}', which is not ${result}`);
  return complaints;
}
