import { attributeProperties } from './attribute-properties.js';
import { cProperties } from './c-properties.js';
import type { FuzzProperty } from './fuzz-property.js';
import { mailProperties } from './mail-properties.js';
import { markupProperties } from './markup-properties.js';
import { placeProperties } from './place-properties.js';
import { settingsProperties } from './settings-properties.js';
import { treeProperties } from './tree-properties.js';

/** The properties for input from untrusted sources. */
export const fuzzProperties: readonly FuzzProperty[] = [
  ...treeProperties,
  ...cProperties,
  ...mailProperties,
  ...settingsProperties,
  ...attributeProperties,
  ...markupProperties,
  ...placeProperties,
];
