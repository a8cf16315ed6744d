import type { ApiForm, ApiParameter, ApiRow, ResultConvention } from './rows.js';

/** The type of every parameter that a row of the API can name. Source: include/linux/dma-buf.h. */
const parameterTypes: Readonly<Record<ApiParameter, RegExp>> = {
  attachment: /^struct dma_buf_attachment \*/,
  buffer: /^struct dma_buf \*/,
  descriptor: /^int\b/,
  device: /^struct device \*/,
  direction: /^enum dma_data_direction\b/,
  'export-info': /^const struct dma_buf_export_info \*/,
  flags: /^int\b/,
  'kernel-address': /^void \*/,
  'kernel-mapping': /^struct (?:iosys_map|dma_buf_map) \*/,
  mapping: /^(?!struct sg_table\b|const\b).*\*$/,
  'match-count': /^(?:size_t|unsigned(?: int| long)?|int|u32)\b/,
  matches: /^(?:const )?struct dma_buf_mapping_match \*/,
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

/** A function by the types of what it takes and returns, as C writes them, names of parameters aside or not. */
export interface Shape {
  readonly parameters: readonly string[];
  readonly result: string;
}

/** Whether a type, as C writes it, is that of a parameter. */
export function hasType(type: string, parameter: ApiParameter): boolean {
  return parameterTypes[parameter].test(type);
}

/** Whether a function is given a buffer or an attachment: then the API table must have a row for it. */
export function takesBuffer({ parameters }: Pick<Shape, 'parameters'>): boolean {
  return parameters.some((type) => hasType(type, 'buffer') || hasType(type, 'attachment'));
}

/** In what a function differs from its row, in words that follow its name; empty where they agree, or did so once. */
export function shapeComplaints(row: ApiRow, shape: Shape): readonly string[] {
  if (row.former && formComplaints(row.former, shape).length === 0) return [];
  return formComplaints(row, shape);
}

function formComplaints({ parameters, result }: ApiForm, shape: Shape): readonly string[] {
  const complaints: string[] = [];
  if (parameters.length !== shape.parameters.length)
    complaints.push(
      `has ${shape.parameters.length} ${shape.parameters.length === 1 ? 'parameter' : 'parameters'}, not ${parameters.length}`,
    );
  for (const [index, parameter] of parameters.entries()) {
    const type = shape.parameters[index];
    if (type !== undefined && !hasType(type, parameter))
      complaints.push(`has '${type}' as parameter ${index + 1}, which is no ${parameter}`);
  }
  if (!resultTypes[result].test(shape.result)) complaints.push(`returns '${shape.result}', which is not ${result}`);
  return complaints;
}
