import { ConfigError, suggestion } from '../../lint/config/config.js';

/** Where a command writes: one format to the terminal, and others to files. */
export interface Outputs<Format extends string> {
  readonly terminal: Format;
  readonly files: readonly { readonly format: Format; readonly path: string }[];
}

/** The options of the command line about output. */
export interface OutputOptions<Format extends string> {
  readonly format?: Format;
  /** Each a file, or `<format>=<file>`. */
  readonly output?: readonly string[];
}

/**
 * Decides which format goes where. If `--output` names only a file, the file gets the format of `--format`, and the
 * terminal its usual one. The file `-` is standard output.
 * @throws ConfigError where a format is none, or a file is named twice
 */
export function outputsOf<Format extends string>(
  formats: readonly Format[],
  { format, output = [] }: OutputOptions<Format>,
  usual: { readonly terminal: Format; readonly file: Format },
): Outputs<Format> {
  const named = output.map((text) => readOutput(formats, text));
  const [plain, second] = named.filter((one) => one.format === null);
  if (plain && second)
    throw new ConfigError(
      `--output ${second.path}: only one file can have the output of --format; name a format, as in sarif=${second.path}`,
    );
  const files = named.map((one) => ({ path: one.path, format: one.format ?? format ?? usual.file }));
  const twice = files.find(({ path }, index) => files.findIndex((other) => other.path === path) !== index);
  if (twice) throw new ConfigError(`--output ${twice.path}: is named twice; give each format its own file`);
  // What is named `-` takes the place of what the terminal would show.
  const printed = files.find(({ path }) => path === '-');
  const terminal = printed?.format ?? (plain || format === undefined ? usual.terminal : format);
  return { terminal, files: files.filter((file) => file !== printed) };
}

/** A name with a slash before the `=` is a file. */
function readOutput<Format extends string>(
  formats: readonly Format[],
  text: string,
): { readonly format: Format | null; readonly path: string } {
  const [, name, path = ''] = /^([\w-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    if (text === '') throw new ConfigError('--output: the name of the file is missing');
    return { format: null, path: text };
  }
  const format = formats.find((candidate) => candidate === name);
  if (format === undefined)
    throw new ConfigError(`--output ${text}: unknown format '${name}'${suggestion(name, formats)}`);
  if (path === '') throw new ConfigError(`--output ${text}: the name of the file is missing`);
  return { format, path };
}
