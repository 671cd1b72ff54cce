import { describe, expect, it } from '@jest/globals';
import { describeSettings } from '@level-one/platform';
import { getMetadataStorage } from 'class-validator';
import { ROLE_DEFINITIONS } from './definitions.js';
import { NetworkSettings } from './network.settings.js';

type SettingsClass = new () => object;

const withPatterns = (_key: string, value: unknown): unknown => (value instanceof RegExp ? String(value) : value);

/**
 * What class-validator checks of one property, as text. Whether it may be absent is each role's own, and `npm start` is
 * always a demo.
 */
function rulesOf(settingsClass: SettingsClass, property: string): string[] {
  return getMetadataStorage()
    .getTargetValidationMetadatas(settingsClass, '', false, false)
    .filter(({ propertyName, name, type }) => {
      const isAboutAbsence = name === 'isOptional' || type === 'conditionalValidation';
      return propertyName === property && !isAboutAbsence && name !== 'isOfDemo';
    })
    .map(({ name, constraints, message }) =>
      JSON.stringify({ name, constraints, message: typeof message === 'string' ? message : undefined }, withPatterns),
    )
    .toSorted();
}

/** A variable as one role has it. Each role says which rights it needs on the ledger, and its own default. */
function variablesOf(settingsClass: SettingsClass) {
  return describeSettings(settingsClass).map(({ env, property, meaning, unit, secret }) => ({
    env,
    property,
    meaning: meaning.replace(/; it needs .*/, ''),
    unit,
    secret,
    rules: rulesOf(settingsClass, property),
  }));
}

describe('settings of the roles', () => {
  const classes: SettingsClass[] = [
    NetworkSettings,
    ...Object.values(ROLE_DEFINITIONS).map(({ settings }) => settings),
  ];
  const variables = classes.flatMap(variablesOf);
  const names = variables.map(({ env }) => env);
  const shared = [...new Set(names.filter((env, index) => names.indexOf(env) !== index))];

  it.each(shared)('%s has the same rule and the same words in every role', (env) => {
    const [first, ...others] = variables.filter((variable) => variable.env === env);
    expect(others).not.toHaveLength(0);
    expect(first!.rules).not.toHaveLength(0);
    for (const other of others) expect(other).toEqual(first);
  });
});
