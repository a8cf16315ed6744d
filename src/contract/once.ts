import { ofQuestion } from '../base/profile.js';

/** A value that is made at the first call. */
export interface Once<T> {
  (): T;
  /** Empty before the first call. */
  made(): readonly T[];
}

/**
 * Returns a function that makes a value at its first call and returns the same value at every further call.
 * @param question what the value answers, for the profile
 */
export function once<T>(question: string, make: () => T): Once<T> {
  const made: T[] = [];
  const ask = (): T =>
    ofQuestion(question, () => {
      const [known] = made;
      if (known !== undefined) return known;
      const fresh = make();
      made.push(fresh);
      return fresh;
    });
  return Object.assign(ask, { made: () => made });
}
