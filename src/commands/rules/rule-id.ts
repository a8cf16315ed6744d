/** The id of a rule that the user names, also as checkpatch and b4 print it: `PIN_LEAK`. */
export function ruleIdOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
