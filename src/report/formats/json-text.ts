/**
 * A value as JSON, indented, with a line feed at its end. Characters that control a terminal or change the direction of
 * writing are written as `\u…`: whoever reads the JSON gets them as they were, whoever looks at it sees them.
 */
export function formatJsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
